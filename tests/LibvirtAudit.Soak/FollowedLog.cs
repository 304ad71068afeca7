using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;

namespace LibvirtAudit.Soak;

/// <summary>
/// A log that is written in bursts, rotated in every way and compressed, while a follower with a bookmark reads it, which is
/// ended and begun anew all the time.
/// </summary>
internal sealed class FollowedLog : IEventSink
{
    /// <summary>The writer does not get farther ahead, so that rotation takes nothing away that was not read.</summary>
    private const int MostAhead = 20_000;
    private const int Copies = 9;
    private readonly string _path;
    private readonly string _bookmark;
    private readonly Random _random = new();
    private long _written;

    public FollowedLog(string folder)
    {
        _path = Path.Combine(folder, "audit.log");
        _bookmark = Path.Combine(folder, "bookmark.json");
        _written = LastWritten();
    }

    public Ledger Ledger { get; } = new("followed log");

    /// <summary>How often the follower was begun anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>How often the log was rotated.</summary>
    public int Rotations { get; private set; }

    private bool IsRead => Ledger.Last > 0 && _written - Ledger.Last < MostAhead / 4;

    public void Run(CancellationToken stop)
    {
        bool goesOn = _written > 0;
        Ledger.StartBehind(goesOn ? LastSeen() : 0, mayRepeat: goesOn);
        var writer = new Thread(() => Write(stop)) { Name = "soak writer" };
        writer.Start();
        while (!stop.IsCancellationRequested)
        {
            Follow(TimeSpan.FromSeconds(_random.Next(1, 15)), stop);
            Restarts++;
        }

        writer.Join();
        Follow(TimeSpan.Zero, CancellationToken.None);
        if (Ledger.Last != _written)
        {
            Ledger.Tell(FormattableString.Invariant($"{_written} were written, the last that came is {Ledger.Last}"));
        }
    }

    void IEventSink.OnRecord(VirtAuditRecord record) => Ledger.Take((long)record.Serial!.Value);

    void IEventSink.OnFault(Fault fault) => Ledger.Take(fault);

    void IEventSink.OnProgress(LogFile log)
    {
    }

    private void Follow(TimeSpan longest, CancellationToken stop)
    {
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), this, CancellationToken.None);
        live.UseBookmark(_bookmark);
        if (!File.Exists(_path))
        {
            stop.WaitHandle.WaitOne(100);
            return;
        }

        live.Add([_path]);
        live.ReadOn();
        live.Follow(longest, () => stop.IsCancellationRequested);
    }

    private void Write(CancellationToken stop)
    {
        using var log = new RotatingLog(_path, Copies, (int)_written);
        var random = new Random();
        while (!stop.IsCancellationRequested)
        {
            if (_written - Ledger.Last < MostAhead)
            {
                log.Write(random.Next(10) == 0 ? random.Next(1, 3000) : random.Next(1, 30));
                _written = log.Count;
            }

            switch (random.Next(100))
            {
                // A rotation takes the oldest copy away, which must have been read; and the first reading begins with the log
                // as it is then, not with copies of it.
                case < 2 when IsRead:
                    log.Rotate();
                    Rotations++;
                    break;
                case 2 when IsRead:
                    log.CopyAndTruncate();
                    Rotations++;
                    break;
                case 3:
                    log.Compress(random.Next(2, Copies));
                    break;
                default:
                    break;
            }

            stop.WaitHandle.WaitOne(random.Next(50));
        }
    }

    private long LastWritten() => File.Exists(_path) ? Read().Max : 0;

    private long LastSeen() => Read().Bookmarked;

    // The highest number in the logs, and that of the last event that the bookmark names.
    private (long Max, long Bookmarked) Read()
    {
        var numbers = new Numbers();
        foreach (string path in RotationSet.Find(_path).Paths)
        {
            new LogSource(new ReadOptions(RecordFilter.All), numbers, CancellationToken.None).ReadFile(path);
        }

        long? bookmarked = File.Exists(_bookmark) && Bookmark.Read(_bookmark, File.ReadAllBytes(_bookmark)).Values.FirstOrDefault()?.LastEvent is string name
            ? long.Parse(name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture)
            : null;
        return (numbers.Max, bookmarked ?? 0);
    }

    private sealed class Numbers : IEventSink
    {
        public long Max { get; private set; }

        public void OnRecord(VirtAuditRecord record) => Max = Math.Max(Max, (long)record.Serial!.Value);

        public void OnFault(Fault fault)
        {
        }

        public void OnProgress(LogFile log)
        {
        }
    }
}
