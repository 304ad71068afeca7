namespace LibvirtAudit.Analysis;

/// <summary>
/// The times of which records were forgotten, as spans of stamps. Where there are too many of them the two that are nearest
/// become one.
/// </summary>
internal sealed class ForgottenTimes
{
    /// <summary>How many spans there are at most.</summary>
    internal const int MostSpans = 64;

    // In order, and apart from one another.
    private readonly List<(long From, long To)> _spans = [];

    /// <summary>Whether the stamp is in one of the spans.</summary>
    internal bool Contains(long stamp)
    {
        int index = FirstThatEndsAt(stamp);
        return index < _spans.Count && _spans[index].From <= stamp;
    }

    /// <summary>Adds the time from one stamp to another, both inclusive.</summary>
    internal void Add(long from, long to)
    {
        int index = FirstThatEndsAt(from);
        int end = index;
        while (end < _spans.Count && _spans[end].From <= to)
        {
            from = Math.Min(from, _spans[end].From);
            to = Math.Max(to, _spans[end].To);
            end++;
        }

        _spans.RemoveRange(index, end - index);
        _spans.Insert(index, (from, to));
        if (_spans.Count > MostSpans)
        {
            JoinNearest();
        }
    }

    /// <summary>The first span that ends at the stamp or later.</summary>
    private int FirstThatEndsAt(long stamp)
    {
        int low = 0, high = _spans.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_spans[middle].To < stamp)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void JoinNearest()
    {
        int nearest = 1;
        ulong least = ulong.MaxValue;
        for (int i = 1; i < _spans.Count; i++)
        {
            // Of stamps as far apart as a number can hold the distance has one bit more.
            ulong distance = (ulong)(_spans[i].From - _spans[i - 1].To);
            if (distance < least)
            {
                (least, nearest) = (distance, i);
            }
        }

        _spans[nearest - 1] = (_spans[nearest - 1].From, _spans[nearest].To);
        _spans.RemoveAt(nearest);
    }
}
