using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>What can go wrong in following what is being written, each with the one text that it has.</summary>
internal static class LiveFaults
{
    /// <summary>A log that is followed was emptied in place, and no copy holds what was read of it.</summary>
    public static Fault Cut(string path, long offset) => Lost(path,
        string.Create(CultureInfo.InvariantCulture, $"'{Show(path)}' was emptied while it was followed: what was written to it behind offset {offset}, if anything, is lost."));

    /// <summary>A log that is followed was rotated more often than it has copies.</summary>
    public static Fault RotatedAway(string path) => Lost(path,
        $"'{Show(path)}' was rotated so often that the file being read is none of its copies any more: those that came right after it, if any, are lost.");

    private static Fault Lost(string path, string message) => new(FaultId.RecordsLost, message) { Target = path, IsWarning = true };

    private static string Show(string text) => PrintableText.Escape(text)!;
}
