using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What every record of any type begins with, as auditd, its dispatchers and the kernel log write it:
/// <c>[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL): …</c> and <c>[ 3029.9] audit: type=NUMBER audit(SEC.MMM:SERIAL): …</c>,
/// what syslog puts before them too. As everywhere, only the writer's own words may stand before a record.
/// </summary>
internal readonly ref struct EventHead
{
    /// <summary>A deeper indent is journalctl's: what it puts before a message (time, identifier and colon) is longer than this even without the host's name.</summary>
    private const int LongestIndent = 15;

    private readonly ReadOnlySpan<byte> _node;
    private readonly ReadOnlySpan<byte> _host;

    private EventHead(ReadOnlySpan<byte> node, ReadOnlySpan<byte> host, ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
    {
        _node = node;
        _host = host;
        Type = type;
        Text = text;
    }

    /// <summary>The type, as it is written.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>Whether the kernel stamped and numbered the event: auditd's own records (DAEMON_START, …, types 1200–1299) have numbers of auditd's.</summary>
    public bool IsOfKernel => !Type.StartsWith("DAEMON_"u8) && !Type.StartsWith("UNKNOWN[12"u8);

    /// <summary>What stands behind the type and its blank.</summary>
    private ReadOnlySpan<byte> Text { get; }

    /// <summary>The host as <c>node=</c>, else as syslog names it; empty where neither does.</summary>
    public ReadOnlySpan<byte> Node => _node.IsEmpty ? _host : _node;

    /// <summary>
    /// Whether a line goes on with the message of the line before: journalctl breaks a message at its line feeds and sets what
    /// follows below where it began. Anybody may write one whose next line looks like a record.
    /// </summary>
    public static bool GoesOn(ReadOnlySpan<byte> line) => line.Length > LongestIndent && !line[..(LongestIndent + 1)].ContainsAnyExcept((byte)' ');

    /// <summary>Finds the type in a line; false where the line does not begin as a record does. Never throws, one pass.</summary>
    public static bool TryFind(ReadOnlySpan<byte> line, out EventHead head)
    {
        head = default;
        if (GoesOn(line))
        {
            return false;
        }

        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        if (text.StartsWith("type="u8) || text.StartsWith("node="u8))
        {
            return TryFindAudit(text, default, out head);
        }

        if (text.StartsWith("["u8) || text.StartsWith("audit: "u8))
        {
            return TryFindAudit(KernelText(text), default, out head);
        }

        if (!SyslogPrefix.TryRead(line, 0, out SyslogPrefix prefix))
        {
            return false;
        }

        text = line[prefix.Message..];
        ReadOnlySpan<byte> host = prefix.Host.Kind == SlotKind.Absent ? default : prefix.Host.Of(line);
        return prefix.Identifier.SequenceEqual("kernel"u8)
            ? TryFindAudit(KernelText(text), host, out head)
            : (prefix.Identifier.StartsWith("audit"u8) || prefix.Identifier.StartsWith("audisp"u8)) && TryFindAudit(text, host, out head);
    }

    /// <summary>What the kernel's audit says in a line of the kernel's log: without the time in brackets and without <c>audit: </c>, which kernels before 4 have not. Empty where the bracket is not closed.</summary>
    public static ReadOnlySpan<byte> KernelText(ReadOnlySpan<byte> text)
    {
        int close = text.StartsWith("["u8) ? text.IndexOf("] "u8) : -2;
        text = close == -1 ? default : text[(close + 2)..];
        return text.StartsWith("audit: "u8) ? text["audit: ".Length..] : text;
    }

    /// <summary>Reads the stamp and the serial; false where they are not whole.</summary>
    public bool TryReadStamp(out long unixMilliseconds, out ulong serial, out ReadOnlySpan<byte> fields)
    {
        ReadOnlySpan<byte> text = Text.StartsWith("msg="u8) ? Text["msg=".Length..] : Text;
        int end = text.StartsWith("audit("u8) ? text.IndexOf("):"u8) : -1;
        if (end < 0 || !EventStamp.TryRead(text["audit(".Length..end], out unixMilliseconds, out serial))
        {
            unixMilliseconds = 0;
            serial = 0;
            fields = default;
            return false;
        }

        fields = text[(end + 2)..];
        return true;
    }

    /// <summary>The host's name; null where there is none.</summary>
    public string? NodeName() => Node.IsEmpty ? null : ByteText.GetString(Node);

    private static bool TryFindAudit(ReadOnlySpan<byte> text, ReadOnlySpan<byte> host, out EventHead head)
    {
        ReadOnlySpan<byte> node = default;
        if (text.StartsWith("node="u8))
        {
            int blank = text.IndexOf((byte)' ');
            node = blank < 0 ? default : text["node=".Length..blank];
            text = text[(blank + 1)..];
        }

        int end = text.StartsWith("type="u8) ? text.IndexOf((byte)' ') : -1;
        head = end < 0 ? default : new EventHead(node, host, text["type=".Length..end], text[(end + 1)..]);
        return end >= 0;
    }
}
