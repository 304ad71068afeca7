using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>What the writing of records warns of, each with the one text that it has.</summary>
internal static class WriteNotices
{
    /// <summary>One of libvirt's configurations can't be read or understood.</summary>
    public static string ConfigurationNotUsable(string path, Exception cause) =>
        $"libvirt's configuration '{Show(path)}' can't be used and is passed over: {Show(cause.Message)}";

    /// <summary>The host's audit is off at level 1.</summary>
    public static string Disabled() => "The host's audit is disabled: nothing is sent. (-AuditLevel 2 makes this an error, -LogPath writes to a file.)";

    /// <summary>The host's audit was switched off while records were sent.</summary>
    public static string DisabledMeanwhile() => "The host's audit was disabled while records were sent: the kernel drops what it gets then, the last ones may not be logged.";

    /// <summary>The kernel lost records while ours were sent.</summary>
    public static string LostMeanwhile(uint lost) =>
        string.Create(CultureInfo.InvariantCulture, $"The kernel lost {lost} audit records while these were sent; some of these may be among them.");

    /// <summary>The daemon does not take what waits for it.</summary>
    public static string DaemonHangs() => "The audit daemon does not take the records that wait for it: the kernel may lose some of these. Get-VirtAuditStatus shows the backlog.";

    /// <summary>A host device's address in a form that its bus does not have.</summary>
    public static string OddAddress(string bus, string device) => $"'{Show(device)}' is not what an address on the bus {Show(bus)} looks like; it is written as it is.";

    /// <summary>The journal took no message.</summary>
    public static string JournalFailed(string path, Exception cause) => $"The journal at '{Show(path)}' did not take a message, and gets no more of them: {Show(cause.Message)}";

    private static string Show(string text) => PrintableText.Escape(text)!;
}
