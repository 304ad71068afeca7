using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// A way in which a record reaches its reader, as the program that writes it has it. Written down from what those programs do
/// (auditd, the kernel, journald and journalctl, rsyslog, libvirt), not from how the module reads them.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="Write">The text that holds the record of a type and a body.</param>
/// <param name="Shown">What is left of a value that libvirt writes as it is; null where the carrier can't hold the record any more.</param>
/// <param name="IsLine">Whether the text comes as one message, whatever it holds, and not as lines.</param>
/// <param name="HasTrailer">Whether the record has libaudit's trailer.</param>
/// <param name="Longest">The longest body, in bytes.</param>
internal sealed record Carrier(string Name, Func<int, byte[], byte[]> Write, Func<string, string?> Shown, bool IsLine = false, bool HasTrailer = true, int Longest = 8560)
{
    public const int ProcessId = 5431;
    public const string Executable = "/usr/sbin/libvirtd";
    private const string Trailer = $" exe=\"{Executable}\" hostname=? addr=? terminal=? res=success";
    private const string Stamp = "1795359175.823:2047";
    private const string Prefix = "Nov 22 14:52:55 kvm1 ";

    public static IReadOnlyList<Carrier> All { get; } =
    [
        new("audit.log", (type, body) => Line(type, body), WithoutLineFeeds),
        new("audit.log, enriched and with its node", (type, body) => [.. "node=kvm1 "u8, .. Line(type, body), .. "\u001dUID=\"root\" AUID=\"unset\""u8], WithoutLineFeeds),
        new("audit.log, the separator lost", (type, body) => [.. Line(type, body), .. "UID=\"root\" AUID=\"unset\""u8], WithoutLineFeeds),
        new("audit.log, with carriage returns", (type, body) => [.. Line(type, body), (byte)'\r'], WithoutLineFeeds),
        new("netlink", (_, body) => [.. Bytes($"audit({Stamp}): "), .. Payload(body)], value => value, IsLine: true),
        new("dmesg", (type, body) => Each([.. Bytes($"[ 3029.912345] audit: type={type} audit({Stamp}): "), .. Payload(body)], Dmesg), value => value.Contains('\n', StringComparison.Ordinal) ? null : Each(value, Dmesg), Longest: 700),
        new("journalctl -o short", (type, body) => [.. Bytes(Prefix + $"audit[{ProcessId}]: {TypeName(type)} "), .. Payload(body)], Printable, Longest: 3500),
        new("journalctl -o short-iso", (type, body) => [.. Bytes($"2026-11-22T14:52:55+0000 kvm1 audit[{ProcessId}]: {TypeName(type)} "), .. Payload(body)], Printable, Longest: 3500),
        new("journalctl -o json", (type, body) => Json([.. Bytes(TypeName(type) + " "), .. Payload(body)], Journal(type)), value => value),
        new("journalctl -o export", (type, body) => Export([.. Bytes(TypeName(type) + " "), .. Payload(body)], Journal(type)), value => value),
        new("rsyslog", (type, body) => Each([.. Bytes(Prefix + "audisp-syslog[812]: "), .. Line(type, body), .. "\u001dUID=\"root\" AUID=\"unset\""u8], Octal), value => Each(WithoutLineFeeds(value), Octal)),
        new("another program's JSON", (type, body) => Bytes("{\"@timestamp\":\"2026-11-22T14:52:55Z\",\"message\":" + JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(Line(type, body))) + "}"), value => IsText(value) ? WithoutLineFeeds(value) : null),
        new("libvirt's own log", (_, body) => [.. Bytes("2026-11-22 14:52:55.865+0000: 5436: info : virDomainAuditX:318 : success=yes "), .. body], value => value.Contains('\n', StringComparison.Ordinal) || value.EndsWith('\r') ? null : value, HasTrailer: false),
        new("libvirt's messages in the journal", (_, body) => Json([.. "success=yes "u8, .. body], [("_TRANSPORT", "journal"), ("SYSLOG_IDENTIFIER", "libvirtd"), ("_COMM", "libvirtd"), ("_PID", "5431")]), value => value, HasTrailer: false),
    ];

    /// <summary>An entry of the export form, for systemd-journal-remote too.</summary>
    public static byte[] Export(byte[] message, (string Name, string Value)[] fields)
    {
        string head = "__CURSOR=x\n" + string.Concat(fields.Select(field => $"{field.Name}={field.Value}\n"));
        bool isPlain = IsValid(message) && !message.Any(b => b < 0x20 && b != '\t');
        return isPlain ? [.. Bytes(head + "MESSAGE="), .. message, .. "\n\n"u8]
            : [.. Bytes(head + "MESSAGE\n"), .. BitConverter.GetBytes((ulong)message.Length), .. message, .. "\n\n"u8];
    }

    /// <summary>The fields that journald gives an audit record.</summary>
    public static (string Name, string Value)[] Journal(int type, int serial = 2047) =>
        [("_TRANSPORT", "audit"), ("_AUDIT_TYPE", Number(type)), ("_AUDIT_TYPE_NAME", TypeName(type)), ("_AUDIT_ID", Number(serial)), ("_SOURCE_REALTIME_TIMESTAMP", "1795359175823000"), ("_HOSTNAME", "kvm1")];

    /// <summary>What the kernel puts around a body: <c>pid=… msg='BODY TRAILER'</c>.</summary>
    public static byte[] Payload(byte[] body, int processId = ProcessId) => [.. Bytes($"pid={processId} uid=0 auid=4294967295 ses=4294967295 msg='"), .. body, .. Bytes(Trailer + "'")];

    /// <summary>The line that auditd writes: a line feed becomes a blank.</summary>
    public static byte[] Line(int type, byte[] body, string stamp = Stamp, int processId = ProcessId) =>
        [.. ((byte[])[.. Bytes($"type={TypeName(type)} msg=audit({stamp}): "), .. Payload(body, processId)]).Select(b => b == '\n' ? (byte)' ' : b)];

    public static string TypeName(int type) => type switch { 2500 => "VIRT_CONTROL", 2501 => "VIRT_RESOURCE", _ => "VIRT_MACHINE_ID" };

    public override string ToString() => Name;

    private static string WithoutLineFeeds(string value) => value.Replace('\n', ' ');

    // journalctl shows '[203B blob data]' for what is no plain text, and takes escape sequences away.
    private static string? Printable(string value) => IsText(value) && !value.Any(char.IsControl) ? value : null;

    private static bool IsText(string value) => !value.Any(c => c is >= '\uEF80' and <= '\uEFFF');

    // dmesg(1), fwrite_hex: what is no printable character of the locale.
    private static string? Dmesg(int value) => value is < 0x20 or 0x7F || value is >= 0x80 and < 0xA0 or 0x2028 or 0x2029 || IsByte(value) ? $"\\x{value & 0xFF:x2}" : null;

    // rsyslog's $EscapeControlCharactersOnReceive, on by default: '#' and the octal value.
    private static string? Octal(int value) => value is < 0x20 or 0x7F ? "#" + Convert.ToString(value, 8).PadLeft(3, '0') : null;

    // Stands for a byte that is no UTF-8, in the text form of values.
    private static bool IsByte(int value) => value is >= 0xEF80 and <= 0xEFFF;

    private static string Each(string value, Func<int, string?> change) => string.Concat(value.Select(c => change(c) ?? c.ToString()));

    private static byte[] Each(byte[] text, Func<int, string?> change)
    {
        var changed = new List<byte>();
        for (ReadOnlySpan<byte> rest = text; !rest.IsEmpty;)
        {
            bool isRune = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done && !IsByte(rune.Value);
            length = isRune ? length : 1;
            string? other = change(isRune ? rune.Value : 0xEF00 + rest[0]);
            changed.AddRange(other is null ? rest[..length] : Bytes(other));
            rest = rest[length..];
        }

        return [.. changed];
    }

    private static byte[] Json(byte[] message, (string Name, string Value)[] fields)
    {
        bool isPlain = IsValid(message) && !message.Any(b => b < 0x20 && b is not ((byte)'\t' or (byte)'\n'));
        string text = isPlain ? JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(message)) : "[" + string.Join(',', message) + "]";
        return Bytes("{" + string.Concat(fields.Select(field => $"\"{field.Name}\":\"{field.Value}\",")) + "\"MESSAGE\":" + text + "}");
    }

    private static bool IsValid(byte[] text) => System.Text.Unicode.Utf8.IsValid(text);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
