using System.Buffers.Text;
using System.Globalization;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// libvirt's own log with <c>audit_logging</c> on: <c>2026-11-22 14:52:55.865+0000: 5436: info : virDomainAuditNetDevice:318 :
/// success=yes BODY</c>, and where the kernel refused it <c>… warning : virAuditSend:135 : Failed to send audit message BODY:
/// ERROR</c>. The bodies have no trailer (libvirt <c>src/util/viraudit.c</c>).
/// </summary>
internal static class LibvirtLog
{
    private const string StampFormat = "yyyy-MM-dd HH:mm:ss.fffzzz";
    private const int StampLength = 28;
    private static readonly byte[][] Daemons =
    [
        "libvirtd"u8.ToArray(), "virtqemud"u8.ToArray(), "virtlxcd"u8.ToArray(), "virtxend"u8.ToArray(),
        "virtchd"u8.ToArray(), "virtbhyved"u8.ToArray(), "virtvzd"u8.ToArray(), "virtvboxd"u8.ToArray(),
    ];

    /// <summary>The programs of libvirt's daemons that run guests.</summary>
    public static IEnumerable<string> DaemonNames => Daemons.Select(System.Text.Encoding.ASCII.GetString);

    /// <summary>Whether <paramref name="identifier"/> is the program of one of libvirt's daemons that run guests.</summary>
    public static bool IsDaemon(ReadOnlySpan<byte> identifier)
    {
        foreach (byte[] daemon in Daemons)
        {
            if (identifier.SequenceEqual(daemon))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a line of the log from <paramref name="start"/>; false where it is no record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        // DATE TIME+ZONE: THREAD: LEVEL : [FUNCTION:LINE : ]MESSAGE
        ReadOnlySpan<byte> rest = line[start..];
        if (rest.Length <= StampLength + 2 || rest[StampLength] != (byte)':' || !TryReadStamp(rest[..StampLength], out long milliseconds))
        {
            return false;
        }

        int thread = start + StampLength + 2;
        int threadEnd = line[thread..].IndexOf(": "u8);
        int level = thread + threadEnd + 2;
        int message = threadEnd < 0 ? -1 : line[level..].IndexOf(" : "u8);
        if (message < 0 || !(line.Slice(level, message).SequenceEqual("info"u8) || line.Slice(level, message).SequenceEqual("warning"u8)))
        {
            return false;
        }

        message += level + 3;
        if (!TryReadMessage(line, message, layout) && !TryReadMessage(line, AfterFunction(line, message), layout))
        {
            return false;
        }

        layout.UnixMilliseconds = milliseconds;
        layout.LogThread = Utf8Parser.TryParse(line.Slice(thread, threadEnd), out ulong number, out _) ? number : null;
        return true;
    }

    /// <summary>Reads the message alone, as it stands in the journal too; false where it is no record.</summary>
    public static bool TryReadMessage(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        ReadOnlySpan<byte> rest = line[start..];
        int body, end = line.Length;
        if (rest.StartsWith("success=yes "u8))
        {
            body = start + "success=yes ".Length;
            layout.Outcome = "success";
        }
        else if (rest.StartsWith("success=no "u8))
        {
            body = start + "success=no ".Length;
            layout.Outcome = "failed";
        }
        else if (rest.StartsWith("Failed to send audit message "u8))
        {
            body = start + "Failed to send audit message ".Length;
            layout.Delivered = false;
            int error = line[body..].LastIndexOf(": "u8);
            end = error < 0 ? line.Length : body + error;
        }
        else
        {
            return false;
        }

        layout.IsLibvirtMessage = true;
        BodyReader.ReadAlone(line, body, end, layout);
        return layout.Shape is not null || layout[Format.RecordField.VMName].HasValue;
    }

    private static int AfterFunction(ReadOnlySpan<byte> line, int start)
    {
        int end = line[start..].IndexOf(" : "u8);
        return end < 0 || line.Slice(start, end).Contains((byte)' ') ? line.Length : start + end + 3;
    }

    private static bool TryReadStamp(ReadOnlySpan<byte> text, out long milliseconds)
    {
        // Before anything is made of it: '2026-' and the like start many lines.
        if (!Utf8Parser.TryParse(text[..4], out int _, out int used) || used != 4 || text[4] != (byte)'-' || text[10] != (byte)' ')
        {
            milliseconds = 0;
            return false;
        }

        bool isStamp = DateTimeOffset.TryParseExact(System.Text.Encoding.ASCII.GetString(text), StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset stamp);
        milliseconds = isStamp ? stamp.ToUnixTimeMilliseconds() : 0;
        return isStamp;
    }
}
