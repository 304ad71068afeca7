namespace LibvirtAudit.Analysis;

/// <summary>
/// The records that were seen, each by its stamp and its hash, in pages that are in the order of both. It takes memory as
/// records come, up to a number of pages, then forgets the earliest stamps and knows which those were.
/// </summary>
/// <remarks>
/// An ordered list, not a table of hashes: whatever is given, an addition and a search take logarithmic time, and what is
/// forgotten is a time, so that every record of another time is still judged rightly.
/// </remarks>
internal sealed class SeenRecords
{
    /// <summary>How many records a page holds: 8 KiB.</summary>
    internal const int PageSize = 512;

    /// <summary>The least number of pages.</summary>
    internal const int FewestPages = 4;

    private readonly int _mostPages;
    private readonly int _pageSize;
    private readonly List<Page> _pages = [];
    private readonly ForgottenTimes _forgotten = new();

    /// <summary>How many records were added.</summary>
    private long _count;

    /// <summary>The page that was looked at last: the next record is near it as a rule.</summary>
    private int _current;

    /// <param name="mostPages">How many pages there may be.</param>
    /// <param name="pageSize">How many records a page holds.</param>
    internal SeenRecords(int mostPages, int pageSize = PageSize)
    {
        _mostPages = Math.Max(mostPages, FewestPages);
        _pageSize = pageSize;
    }

    /// <summary>Whether a record is remembered.</summary>
    internal bool Contains(in SeenRecord record)
    {
        if (_pages.Count == 0)
        {
            return false;
        }

        Page page = _pages[IndexOf(record)];
        return page.Find(record) >= 0;
    }

    /// <summary>Whether records of that stamp were forgotten.</summary>
    internal bool IsForgotten(long stamp) => _forgotten.Contains(stamp);

    /// <summary>Adds a record that is not remembered.</summary>
    internal void Add(in SeenRecord record)
    {
        _count++;
        if (_pages.Count > 0 && _pages[^1] is { } last && last.Count < _pageSize && last.Last.CompareTo(record) < 0)
        {
            // Of a log in order every record is the latest.
            last.Append(record, _count);
            return;
        }

        Insert(record);
    }

    private void Insert(in SeenRecord record)
    {
        if (_pages.Count == 0)
        {
            _pages.Add(new Page(_pageSize));
            _pages[0].Append(record, _count);
            return;
        }

        int index = IndexOf(record);
        Page page = _pages[index];
        if (page.Count < _pageSize)
        {
            page.Insert(record, _count);
            return;
        }

        bool isBetween = page.Last.CompareTo(record) < 0;
        if (isBetween && index + 1 < _pages.Count && _pages[index + 1].Count < _pageSize)
        {
            _pages[index + 1].Insert(record, _count);
            return;
        }

        // Records that come in order, up or down, beside others leave full pages behind.
        Page added = TakePage(page);
        index = _pages.IndexOf(page, Math.Max(0, index - 1));
        if (isBetween)
        {
            _pages.Insert(_current = index + 1, added);
            added.Append(record, _count);
        }
        else if (record.CompareTo(page.First) < 0)
        {
            _pages.Insert(_current = index, added);
            added.Append(record, _count);
        }
        else
        {
            page.MoveHalf(added);
            _pages.Insert(index + 1, added);
            bool isBehind = record.CompareTo(added.First) >= 0;
            _current = isBehind ? index + 1 : index;
            (isBehind ? added : page).Insert(record, _count);
        }
    }

    /// <summary>An empty page; where there are as many as may be, that of the earliest stamps but those that were just added to.</summary>
    private Page TakePage(Page kept)
    {
        if (_pages.Count < _mostPages)
        {
            return new Page(_pageSize);
        }

        long recent = _count - ((long)_mostPages * _pageSize / 4);
        int index = _pages.FindIndex(page => page.LastAddition < recent && page != kept);
        index = index >= 0 ? index : _pages[0] != kept ? 0 : 1;
        Page page = _pages[index];
        _forgotten.Add(page.First.Stamp, page.Last.Stamp);
        _pages.RemoveAt(index);
        _current = 0;
        page.Clear();
        return page;
    }

    /// <summary>The last page that begins with the record or before it; the first where none does.</summary>
    private int IndexOf(in SeenRecord record)
    {
        int current = Math.Min(_current, _pages.Count - 1);
        if (IsIn(current, record))
        {
            return _current = current;
        }

        if (current + 1 < _pages.Count && IsIn(current + 1, record))
        {
            return _current = current + 1;
        }

        int low = 0, high = _pages.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (_pages[middle].First.CompareTo(record) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _current = low;
    }

    private bool IsIn(int index, in SeenRecord record) =>
        (index == 0 || _pages[index].First.CompareTo(record) <= 0)
        && (index + 1 == _pages.Count || record.CompareTo(_pages[index + 1].First) < 0);

    private sealed class Page(int size)
    {
        private readonly SeenRecord[] _records = GC.AllocateUninitializedArray<SeenRecord>(size);

        internal int Count { get; private set; }

        /// <summary>How many records had been added when the last was added to this page.</summary>
        internal long LastAddition { get; private set; }

        internal ref readonly SeenRecord First => ref _records[0];

        internal ref readonly SeenRecord Last => ref _records[Count - 1];

        /// <summary>The record's place; where it is not here the complement of where it would be.</summary>
        internal int Find(in SeenRecord record)
        {
            int low = 0, high = Count - 1;
            while (low <= high)
            {
                int middle = (low + high) >> 1;
                int order = _records[middle].CompareTo(record);
                if (order == 0)
                {
                    return middle;
                }

                if (order < 0)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle - 1;
                }
            }

            return ~low;
        }

        internal void Append(in SeenRecord record, long number)
        {
            _records[Count++] = record;
            LastAddition = number;
        }

        internal void Insert(in SeenRecord record, long number)
        {
            int place = Find(record);
            if (place < 0)
            {
                place = ~place;
                Array.Copy(_records, place, _records, place + 1, Count - place);
                _records[place] = record;
                Count++;
            }

            LastAddition = number;
        }

        internal void MoveHalf(Page other)
        {
            int half = Count / 2;
            Array.Copy(_records, half, other._records, 0, Count - half);
            other.Count = Count - half;
            other.LastAddition = LastAddition;
            Count = half;
        }

        internal void Clear() => Count = 0;
    }
}

/// <summary>What is remembered of a record.</summary>
/// <param name="Stamp">In milliseconds.</param>
/// <param name="Hash">Of the whole record.</param>
internal readonly record struct SeenRecord(long Stamp, ulong Hash) : IComparable<SeenRecord>
{
    /// <inheritdoc/>
    public int CompareTo(SeenRecord other) => Stamp != other.Stamp ? (Stamp < other.Stamp ? -1 : 1) : Hash.CompareTo(other.Hash);
}
