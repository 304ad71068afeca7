using System.Buffers;

namespace LibvirtAudit.Carriers;

/// <summary>
/// The kernel's log where no auditd runs: <c>[ 3029.9] audit: type=2500 audit(SEC.MMM:SERIAL): pid=… msg='…'</c>, as dmesg prints it
/// with any of its options and as /dev/kmsg gives it.
/// </summary>
internal sealed class KernelLog : Carrier
{
    private const int LongestPart = 48;
    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,:+-<>"u8);
    private static readonly SearchValues<byte> CallerBytes = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> LevelBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz :"u8);
    private static readonly SearchValues<byte> RecordBytes = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,-=+"u8);

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("dmesg, /dev/kmsg", "[ 3029.912345] audit: type=2500 audit(…): pid=…", "its own", true, "none", true, "the kernel")
        {
            Remark = "The kernel cuts a line near 1,000 bytes; such a record is an error. Its log is a ring: old lines are gone.",
        },
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        if (!outer.Allows(Speaker.Kernel))
        {
            return false;
        }

        ReadOnlySpan<byte> text = outer.Text;
        int message = AfterTimes(text, AfterLevel(text, outer.Start));
        if (!text[message..].StartsWith("audit: "u8) && !(message > outer.Start && text[message..].StartsWith("type="u8)))
        {
            return false;
        }

        message = AfterName(text, message);
        Envelope inner = outer;
        inner.Start = message;
        inner.Speakers = Speaker.Kernel;
        return sink.OnEnvelope(inner);
    }

    /// <summary>Where the kernel's text begins behind what the kernel's log may put before it, of a message that begins at <paramref name="start"/>.</summary>
    public static int TextBehind(ReadOnlySpan<byte> text, int start) => AfterName(text, AfterTimes(text, start));

    private static int AfterName(ReadOnlySpan<byte> text, int start) => text[start..].StartsWith("audit: "u8) ? start + "audit: ".Length : start;

    // '<5>', 'kern  :notice: ' (dmesg -x), '6,1234,567890,-;' (/dev/kmsg), '2026-11-22T14:53:07,123456+00:00 ' (dmesg --time-format=iso).
    private static int AfterLevel(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> rest = text[start..];
        if (rest.IsEmpty)
        {
            return start;
        }

        if (rest[0] == (byte)'<')
        {
            int close = rest.IndexOf((byte)'>');
            return close is > 1 and < 6 && !rest[1..close].ContainsAnyExceptInRange((byte)'0', (byte)'9') ? start + close + 1 : start;
        }

        if (rest[0] is >= (byte)'0' and <= (byte)'9')
        {
            int end = rest[..Math.Min(rest.Length, LongestPart)].IndexOfAny((byte)';', (byte)' ');
            return end < 0 ? start
                : rest[end] == (byte)';' && rest.Contains((byte)',') && !rest[..end].ContainsAnyExcept(RecordBytes) ? start + end + 1
                : LineTime.TryReadIso(rest[..end], out _, out _) ? start + end + 1
                : start;
        }

        if (rest.StartsWith("kern"u8))
        {
            int level = rest.IndexOf((byte)':');
            int end = level < 0 ? -1 : rest[(level + 1)..].IndexOf(": "u8);
            return end is >= 0 and < 10 && !rest[..(level + 1 + end)].ContainsAnyExcept(LevelBytes) ? AfterLevel(text, start + level + 1 + end + 2) : start;
        }

        return start;
    }

    // '[ 3029.912345] ', '[Sun Nov 22 14:53:07 2026] ' (dmesg -T), '[<    0.000001>] ' (-d), and the caller's '[    T1] ' behind them.
    private static int AfterTimes(ReadOnlySpan<byte> text, int start)
    {
        for (int part = 0; part < 2 && text[start..].StartsWith("["u8); part++)
        {
            ReadOnlySpan<byte> rest = text[start..];
            int close = rest[..Math.Min(rest.Length, LongestPart)].IndexOf((byte)']');
            if (close < 0 || !(part == 0 ? IsTime(rest[1..close]) : IsCaller(rest[1..close])))
            {
                return start;
            }

            start += close + 1;
            start += text[start..].StartsWith(" "u8) ? 1 : 0;
        }

        return start;
    }

    private static bool IsTime(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(TimeBytes) && text.ContainsAnyInRange((byte)'0', (byte)'9');

    // A thread or a processor, with CONFIG_PRINTK_CALLER; or, where the first is a minute (dmesg -H), what passed since.
    private static bool IsCaller(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> name = text.TrimStart((byte)' ');
        return name.Length > 1 && name[0] is (byte)'T' or (byte)'C' or (byte)'+' && !name[1..].ContainsAnyExcept(CallerBytes);
    }
}
