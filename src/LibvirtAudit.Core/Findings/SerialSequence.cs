namespace LibvirtAudit.Findings;

/// <summary>What is known of a serial number of one boot.</summary>
internal enum SerialPresence
{
    /// <summary>It was seen with that stamp.</summary>
    Same,

    /// <summary>It was seen with another stamp.</summary>
    Other,

    /// <summary>It was seen, too long ago to know its stamp.</summary>
    Seen,

    /// <summary>It was not seen.</summary>
    Missing,

    /// <summary>Whether it was seen is forgotten.</summary>
    Forgotten,
}

/// <summary>
/// The serial numbers of one boot of one host: from which to which they run, the stamps of the last <see cref="Window"/>,
/// and the holes between. Of more than <see cref="MaxHoles"/> holes the first are forgotten but for their size.
/// </summary>
/// <remarks>It begins small, and grows to that as long as there is room among all hosts.</remarks>
internal sealed class SerialSequence
{
    internal const int Window = 512;
    internal const int MaxHoles = 512;
    private const int Few = 8;
    private readonly SerialRoom _room;
    private readonly List<SerialHole> _holes = [];
    private Entry[] _recent = new Entry[Few];
    private int _mostHoles = Few;
    private int _taken;
    private ulong _floor;
    private ulong _missing;

    internal SerialSequence(SerialRoom room, ulong serial, long stamp, string? source)
    {
        _room = room;
        First = Last = _floor = serial;
        FirstStamp = MinStamp = MaxStamp = LastStamp = stamp;
        Source = source;
        Note(serial, stamp);
    }

    internal ulong First { get; }

    internal ulong Last { get; private set; }

    internal long FirstStamp { get; }

    internal long LastStamp { get; private set; }

    internal long MinStamp { get; private set; }

    internal long MaxStamp { get; private set; }

    /// <summary>The file that <see cref="Last"/> was in.</summary>
    internal string? Source { get; private set; }

    /// <summary>The event of the host's boot; null where it was not seen.</summary>
    internal string? BootEventId { get; set; }

    internal IReadOnlyList<SerialHole> Holes => _holes;

    /// <summary>How many serials were not seen.</summary>
    internal ulong Missing => _missing;

    /// <summary>How many of them are in no hole that is still known.</summary>
    internal ulong Forgotten { get; private set; }

    internal ulong Span => Last - First + 1;

    /// <summary>Whether most of what the kernel numbered is there: only then is a hole worth a word.</summary>
    internal bool IsDense => _missing <= Span / 2;

    internal bool Spans(ulong serial, long stamp) => serial >= First && serial <= Last && stamp >= MinStamp && stamp <= MaxStamp;

    internal SerialPresence Find(ulong serial, long stamp)
    {
        if (serial < First || serial > Last)
        {
            return SerialPresence.Missing;
        }

        ref Entry entry = ref PlaceOf(serial);
        return entry.IsTaken && entry.Serial == serial ? (entry.Stamp == stamp ? SerialPresence.Same : SerialPresence.Other)
            : serial < _floor ? SerialPresence.Forgotten
            : HoleOf(serial) >= 0 ? SerialPresence.Missing
            : SerialPresence.Seen;
    }

    /// <summary>Takes a serial beyond the last.</summary>
    /// <param name="serial">The serial.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <param name="source">Its file.</param>
    /// <param name="explained">Whether it is known why serials are missing before it.</param>
    internal void Extend(ulong serial, long stamp, string? source, bool explained)
    {
        if (serial > Last + 1)
        {
            _holes.Add(new SerialHole(Last + 1, serial - 1, LastStamp, stamp, source, explained));
            _missing += serial - Last - 1;
            if (_holes.Count > _mostHoles && !TryGrowHoles())
            {
                Forgotten += _holes[0].Count;
                _floor = _holes[0].To + 1;
                _holes.RemoveAt(0);
            }
        }

        Last = serial;
        LastStamp = stamp;
        Source = source;
        Note(serial, stamp);
    }

    /// <summary>Gives back what it grew by; it is not asked any more.</summary>
    internal void Release() => _room.Return(_taken);

    /// <summary>Takes a serial that was missing.</summary>
    internal void Fill(ulong serial, long stamp)
    {
        int index = HoleOf(serial);
        if (index < 0)
        {
            return;
        }

        SerialHole hole = _holes[index];
        _holes.RemoveAt(index);
        if (serial < hole.To)
        {
            _holes.Insert(index, hole with { From = serial + 1, Before = stamp });
        }

        if (serial > hole.From)
        {
            _holes.Insert(index, hole with { To = serial - 1, After = stamp });
        }

        _missing--;
        if (Last - serial < Window)
        {
            Note(serial, stamp);
        }
    }

    /// <summary>What distinguishes the record of an event of the window; null where the window does not hold the event. It is noted where there was none.</summary>
    internal int? Meet(ulong serial, long stamp, int hash)
    {
        ref Entry entry = ref PlaceOf(serial);
        if (!entry.IsTaken || entry.Serial != serial || entry.Stamp != stamp)
        {
            return null;
        }

        if (entry.Hash == 0)
        {
            entry = entry with { Hash = hash };
        }

        return entry.Hash;
    }

    private void Note(ulong serial, long stamp)
    {
        MinStamp = Math.Min(MinStamp, stamp);
        MaxStamp = Math.Max(MaxStamp, stamp);
        while (PlaceOf(serial) is { IsTaken: true } other && other.Serial != serial && TryGrowWindow())
        {
        }

        PlaceOf(serial) = new Entry(serial, stamp, 0, true);
    }

    private ref Entry PlaceOf(ulong serial) => ref _recent[serial % (ulong)_recent.Length];

    private bool TryGrowWindow()
    {
        if (!TryTake(_recent.Length, Window))
        {
            return false;
        }

        // What has a place of its own among fewer has one among twice as many.
        Entry[] before = _recent;
        _recent = new Entry[before.Length * 2];
        foreach (Entry entry in before)
        {
            if (entry.IsTaken)
            {
                PlaceOf(entry.Serial) = entry;
            }
        }

        return true;
    }

    private bool TryGrowHoles()
    {
        bool grows = TryTake(_mostHoles, MaxHoles);
        _mostHoles = grows ? _mostHoles * 2 : _mostHoles;
        return grows;
    }

    private bool TryTake(int size, int most)
    {
        if (size >= most || !_room.TryTake(size))
        {
            return false;
        }

        _taken += size;
        return true;
    }

    private int HoleOf(ulong serial)
    {
        int low = 0, high = _holes.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (serial < _holes[middle].From)
            {
                high = middle - 1;
            }
            else if (serial > _holes[middle].To)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }

    /// <summary>A serial of the window, or an empty place.</summary>
    private readonly record struct Entry(ulong Serial, long Stamp, int Hash, bool IsTaken);
}

/// <summary>What the sequences of all hosts may grow by together, so that many hosts don't take many times what one does.</summary>
internal sealed class SerialRoom(int places = SerialRoom.Places)
{
    /// <summary>Serials and holes: some 500 hosts have all that a sequence can grow to.</summary>
    internal const int Places = 1 << 19;

    private int _left = places;

    internal bool TryTake(int places)
    {
        bool isThere = places <= _left;
        _left -= isThere ? places : 0;
        return isThere;
    }

    internal void Return(int places) => _left += places;
}

/// <summary>Serials that are missing in a row.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
/// <param name="Before">The stamp of the serial before.</param>
/// <param name="After">The stamp of the serial after.</param>
/// <param name="Source">The file of the serial after.</param>
/// <param name="IsExplained">Whether it is known why.</param>
internal readonly record struct SerialHole(ulong From, ulong To, long Before, long After, string? Source, bool IsExplained)
{
    internal ulong Count => To - From + 1;
}
