using LibvirtAudit.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Lets one line through of the two that a journal has of each event where no auditd runs: the audit transport's
/// <c>audit[PID]: NAME …</c> and the kernel log's <c>kernel: audit: type=N audit(…): …</c>. The first is let through at once.
/// </summary>
/// <remarks>
/// Two lines are twins where they are of different sides, of one host and one type, with the same text, not told apart by stamp
/// and serial, and written within <see cref="MostApart"/>. Each line is the twin of one other at most: two equal events have two
/// lines on each side, and both are kept. What is remembered is bounded: a twin that comes later than that is given again.
/// </remarks>
internal sealed class TwinFilter
{
    /// <summary>How many lines without a twin are remembered.</summary>
    private const int MostWaiting = 256;

    /// <summary>How far apart the clocks of twins may be, in milliseconds.</summary>
    private const long MostApart = 5_000;

    private const long DayMilliseconds = 86_400_000;
    private readonly LinkedList<Line> _waiting = new();

    /// <summary>Whether the line is the second one of an event; if not, it is remembered.</summary>
    /// <param name="origin">What the carrier says of the line.</param>
    /// <param name="type">The type of the record.</param>
    /// <param name="node">The host.</param>
    /// <param name="stamp">The event's stamp and serial; null where the line holds none.</param>
    public bool IsSecond(in LineOrigin origin, int type, string? node, (long? Stamp, ulong? Serial) stamp)
    {
        if (origin.Text is not byte[] text)
        {
            return false;
        }

        var line = new Line(origin.Side, type, node, stamp.Serial is null ? null : stamp.Stamp, stamp.Serial, origin.Clock, text);
        for (LinkedListNode<Line>? other = _waiting.First; other is not null; other = other.Next)
        {
            if (other.Value.IsTwinOf(line))
            {
                _waiting.Remove(other);
                return true;
            }
        }

        _waiting.AddLast(line);
        if (_waiting.Count > MostWaiting)
        {
            _waiting.RemoveFirst();
        }

        return false;
    }

    private sealed record Line(TwinSide Side, int Type, string? Node, long? Stamp, ulong? Serial, long? Clock, byte[] Text)
    {
        public bool IsTwinOf(Line other) =>
            Side != other.Side && Type == other.Type && Node == other.Node && IsNear(other)
            && (Serial is null || other.Serial is null || (Serial == other.Serial && Stamp == other.Stamp))
            && Text.AsSpan().SequenceEqual(other.Text);

        private bool IsNear(Line other)
        {
            if (Clock is not long clock || other.Clock is not long otherClock)
            {
                return true;
            }

            long apart = Math.Abs(clock - otherClock);
            return Math.Min(apart, DayMilliseconds - apart) <= MostApart;
        }
    }
}
