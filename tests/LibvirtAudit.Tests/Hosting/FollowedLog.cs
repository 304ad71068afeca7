using System.Globalization;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>Waits until logs are followed: what is written before is what was there, and not what comes.</summary>
internal static class FollowedLog
{
    /// <summary>Waits until one of the logs is minded, which is when the place where the reading begins is known.</summary>
    /// <remarks>Where nothing can tell that (no log yet, no inotify) some time has to do.</remarks>
    public static async Task Begun(params IReadOnlyList<string> paths)
    {
        if (OperatingSystem.IsLinux() && paths.Count > 0)
        {
            // Asked anew each time: a log may be rotated just now, and its follower minds the new one.
            await Patience.Until(async () => (await Task.WhenAll(paths.Select(Inode))).OfType<string>().Any(IsMinded), $"the following of {string.Join(", ", paths)}");
        }

        await Task.Delay(300);
    }

    // Null for a file that was moved or removed meanwhile.
    private static async Task<string?> Inode(string path)
    {
        ProgramRun stat = await ProgramRun.Of(["stat", "-c", "%i", path]);
        return stat.ExitCode == 0 ? string.Create(CultureInfo.InvariantCulture, $" ino:{long.Parse(stat.Output, CultureInfo.InvariantCulture):x} ") : null;
    }

    private static bool IsMinded(string inode) => Directory.EnumerateFiles("/proc/self/fdinfo").Any(file =>
    {
        try
        {
            return File.ReadLines(file).Any(line => line.StartsWith("inotify ", StringComparison.Ordinal) && line.Contains(inode, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return false;
        }
    });
}
