using System.Numerics;

namespace LibvirtAudit.Analysis;

/// <summary>
/// The last records, as many as the window holds, in the order in which they came and by their hashes. It takes memory as
/// they come, in pages that never move, and none for finding them before the first search.
/// </summary>
internal sealed class RecentRecords
{
    private const int PageSize = 4096;
    private readonly int _window;
    private readonly SeenRecord[][] _pages;

    /// <summary>Places plus one, by hash; those of equal hash or whose place is taken follow one another.</summary>
    private int[] _index = [];

    /// <summary>How many records have come, and up to which they were entered in the index.</summary>
    private long _count;
    private long _entered;
    private int _next;

    internal RecentRecords(int window)
    {
        _window = window;
        _pages = new SeenRecord[((window - 1) / PageSize) + 1][];
    }

    /// <summary>Adds a record; gives the one that leaves the window for it.</summary>
    internal bool Add(in SeenRecord record, out SeenRecord left)
    {
        ref SeenRecord place = ref At(_next);
        bool isFull = _count >= _window;
        left = isFull ? place : default;
        if (isFull && _entered > _count - _window)
        {
            Remove(_count - _window);
        }

        place = record;
        _count++;
        _next = _next + 1 == _window ? 0 : _next + 1;
        return isFull;
    }

    /// <summary>Whether a record of that hash is in the window.</summary>
    internal bool Contains(ulong hash)
    {
        // Those that came since the last search are entered now.
        long first = Math.Max(_entered, _count - _window);
        if (first < _count)
        {
            EnsureRoom((int)Math.Min(_count, _window));
            for (_entered = first; _entered < _count; _entered++)
            {
                Enter(_entered);
            }
        }

        return _index.Length > 0 && _index[Find(hash)] > 0;
    }

    private ref SeenRecord PlaceOf(long number) => ref At((int)(number % _window));

    private ref SeenRecord At(int place)
    {
        ref SeenRecord[]? page = ref _pages[place / PageSize]!;
        page ??= GC.AllocateUninitializedArray<SeenRecord>(Math.Min(PageSize, _window));
        return ref page[place % PageSize];
    }

    private void EnsureRoom(int records)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)records * 2);
        if (size <= _index.Length)
        {
            return;
        }

        // All that is in the window is entered anew.
        _index = new int[size];
        for (long number = Math.Max(0, _count - _window); number < _entered; number++)
        {
            Enter(number);
        }
    }

    private void Enter(long number)
    {
        int slot = Find(PlaceOf(number).Hash);
        _index[slot] = (int)(number % _window) + 1;
    }

    /// <summary>The slot of a hash, or the free one where it would be.</summary>
    private int Find(ulong hash)
    {
        int mask = _index.Length - 1;
        int slot = (int)hash & mask;
        while (_index[slot] is > 0 and var place && At(place - 1).Hash != hash)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Remove(long number)
    {
        int mask = _index.Length - 1;
        int free = Find(PlaceOf(number).Hash);
        if (_index[free] != (int)(number % _window) + 1)
        {
            // A younger one of the same hash has taken the slot.
            return;
        }

        // Those behind move up, so that a search that ends at a free slot has seen all.
        for (int slot = (free + 1) & mask; _index[slot] > 0; slot = (slot + 1) & mask)
        {
            int home = (int)At(_index[slot] - 1).Hash & mask;
            if (((slot - home) & mask) >= ((slot - free) & mask))
            {
                _index[free] = _index[slot];
                free = slot;
            }
        }

        _index[free] = 0;
    }
}

/// <summary>What is remembered of a record.</summary>
/// <param name="Hash">Of the whole record.</param>
/// <param name="Guest">Of host and guest; of the host alone for records of other types.</param>
/// <param name="Stamp">In milliseconds.</param>
/// <param name="Serial">The event's serial.</param>
internal readonly record struct SeenRecord(ulong Hash, ulong Guest, long Stamp, ulong Serial);
