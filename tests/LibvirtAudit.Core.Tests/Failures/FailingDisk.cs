using System.Diagnostics;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>A file system (FUSE, <c>failing-disk.c</c>) that shows a folder, and whose reads fail with EIO when they are told to.</summary>
internal sealed class FailingDisk : IAsyncDisposable
{
    private readonly string _below;
    private readonly string _above;
    private readonly Process _process;

    private FailingDisk(string below, string above, Process process) => (_below, _above, _process) = (below, above, process);

    /// <summary>Whether reads behind the first 4 KiB fail.</summary>
    public bool IsFailing
    {
        get => File.Exists(Path.Combine(_below, "failing"));
        set
        {
            if (value)
            {
                File.WriteAllText(Path.Combine(_below, "failing"), "");
            }
            else
            {
                File.Delete(Path.Combine(_below, "failing"));
            }
        }
    }

    /// <summary>Mounts one; skips the test where that can't be.</summary>
    public static async Task<FailingDisk> Mount(string folder)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/fuse"), "a file system of one's own needs root and /dev/fuse");
        Assert.SkipUnless(ProgramRun.Exists("gcc") && ProgramRun.Exists("pkg-config") && (await ProgramRun.Of(["pkg-config", "--exists", "fuse3"])).ExitCode == 0, "gcc or libfuse3-dev is not installed");
        string program = Path.Combine(folder, "failing-disk"), source = Path.Combine(AppContext.BaseDirectory, "Failures", "failing-disk.c");
        ProgramRun build = await ProgramRun.Of(["sh", "-c", $"gcc -Wall -Wextra -O1 -o '{program}' '{source}' $(pkg-config --cflags --libs fuse3)"]);
        Assert.True(build.ExitCode == 0, build.Output);
        string below = Directory.CreateDirectory(Path.Combine(folder, "below")).FullName, above = Directory.CreateDirectory(Path.Combine(folder, "above")).FullName;
        File.WriteAllText(Path.Combine(below, "mounted"), "");
        var disk = new FailingDisk(below, above, Process.Start(program, [below, above]));
        for (int i = 0; i < 100 && !disk._process.HasExited && !File.Exists(disk.Above("mounted")); i++)
        {
            await Task.Delay(50);
        }

        bool isMounted = File.Exists(disk.Above("mounted"));
        if (!isMounted)
        {
            await disk.DisposeAsync();
        }

        Assert.SkipUnless(isMounted, "a file system of one's own can't be mounted here");
        return disk;
    }

    /// <summary>A file as it really is.</summary>
    public string Below(string name) => Path.Combine(_below, name);

    /// <summary>The same file as the disk shows it.</summary>
    public string Above(string name) => Path.Combine(_above, name);

    public async ValueTask DisposeAsync()
    {
        await ProgramRun.Of(["umount", "-l", _above]);
        if (!_process.WaitForExit(5000))
        {
            _process.Kill();
            await Patience.EndOf(_process, "the failing disk");
        }

        _process.Dispose();
    }
}
