using System.Globalization;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Archives of a few megabytes that hold gigabytes of records, in a pipeline that does not want them all.</summary>
public sealed class DecompressionBombTests : IDisposable
{
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public static TheoryData<string> Programs => ["gzip", "xz", "zstd", "bzip2"];

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_ends_and_nothing_is_left_when_it_is_stopped_or_broken_off(string program)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "handles and children are counted in /proc");
        Assert.SkipUnless(ProgramRun.Exists(program), $"{program} is not installed");
        string path = Path.Combine(_folder, "bomb");
        string line = File.ReadLines(Repository.Data("qemu-enriched.log")).First(line => line.StartsWith("type=VIRT_CONTROL", StringComparison.Ordinal));
        ProgramRun making = await ProgramRun.Of(["sh", "-c", "yes \"$1\" | head -n 20000 | \"$0\" -1c > \"$2.part\"; for i in $(seq 500); do cat \"$2.part\"; done > \"$2\"", program, line, path]);
        Assert.True(making.ExitCode == 0, making.Output);
        _host.SetVariable("path", path);

        Assert.True(_host.InvokeAndStop("Get-VirtAuditRecord $path", count: 5).Stopped);
        await NothingIsLeft(path, program);
        Assert.True(_host.InvokeAndStop("Get-VirtAuditSession $path", TimeSpan.FromMilliseconds(300)).Stopped);
        await NothingIsLeft(path, program);
        Assert.Single(_host.Invoke("foreach ($once in 1) { Get-VirtAuditRecord $path | ForEach-Object { $_; break } }").Output);
        await NothingIsLeft(path, program);
    }

    private static Task NothingIsLeft(string path, string program) => Patience.Until(
        () => !Directory.GetFiles("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget == path) && !Directory.GetDirectories("/proc").Any(process => IsChild(process, program)),
        $"the closing of the file and the end of {program}");

    private static bool IsChild(string process, string program)
    {
        try
        {
            return File.Exists(Path.Combine(process, "stat")) && File.ReadAllText(Path.Combine(process, "stat")) is string stat
                && stat.Contains($"({program})", StringComparison.Ordinal)
                && stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }
}
