using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;

namespace LibvirtAudit.Logs;

/// <summary>
/// Finds the guests and values that logs name, for the completion of a command line: within a time that a person does not
/// notice, never with an error, and with what is known from before where a log did not change.
/// </summary>
public sealed class VocabularyReader
{
    /// <summary>How long it may take by default.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromMilliseconds(200);

    /// <summary>How many bytes are read at most by default, in all and of the end of each log.</summary>
    public const long DefaultDepth = 64 * 1024 * 1024;

    /// <summary>How many words are kept for another time, of all logs together.</summary>
    private const int MostWords = 64 * 1024;

    private const int MostLogs = 1024;

    /// <summary>So many of a journal's last entries are looked at, and where there is time left more.</summary>
    private static readonly int[] LastEntries = [100, 1000, 10_000];

    private readonly Lock _lock = new();
    private readonly Dictionary<(FileIdentity? Identity, string? Path), (LogVocabulary Vocabulary, long Use)> _known = [];
    private readonly TimeProvider _clock;
    private readonly TimeSpan _time;
    private readonly long _depth;
    private long _uses;

    /// <summary>Makes a reader to which no log is known.</summary>
    public VocabularyReader()
        : this(TimeProvider.System, DefaultTime, DefaultDepth)
    {
    }

    internal VocabularyReader(TimeProvider clock, TimeSpan time, long depth)
    {
        _clock = clock;
        _time = time;
        _depth = depth;
    }

    /// <summary>What the logs at <paramref name="paths"/> name: the last first, if the time does not do for all. What is no regular file, or can't be read without another program, names nothing.</summary>
    public KnownNames Read(IEnumerable<string> paths)
    {
        lock (_lock)
        {
            var budget = new ReadBudget(_clock, _time, _depth);
            return Read([.. paths.Reverse()], budget);
        }
    }

    /// <summary>What this host's log names.</summary>
    /// <param name="finder">Finds which that is.</param>
    public KnownNames ReadHost(HostLogFinder finder)
    {
        lock (_lock)
        {
            // To find the log takes of the same time.
            var budget = new ReadBudget(_clock, _time, _depth);
            using var late = new CancellationTokenSource(budget.Left, _clock);
            try
            {
                return finder.Find(late.Token).Path is string path
                    ? Read([.. RotationSet.Find(path).Paths.Reverse()], budget)
                    : ReadJournal(budget);
            }
            catch (Exception e) when (e is FaultException or OperationCanceledException)
            {
                return KnownNames.None;
            }
        }
    }

    /// <summary>What the system's journal names.</summary>
    public KnownNames ReadJournal()
    {
        lock (_lock)
        {
            return ReadJournal(new ReadBudget(_clock, _time, _depth));
        }
    }

    private KnownNames ReadJournal(ReadBudget budget)
    {
        LogVocabulary vocabulary = Find((null, JournalQuery.SystemName));
        ReadJournal(vocabulary, [], budget);
        return NamesOf([vocabulary]);
    }

    private static KnownNames NamesOf(List<LogVocabulary> vocabularies) =>
        new(vocabularies.SelectMany(known => known.Guests).ToHashSet(), vocabularies.SelectMany(known => known.Values).ToHashSet());

    // The last entries, since all may take longer; what is known from before is kept. The program is ended when the time is over.
    private void ReadJournal(LogVocabulary vocabulary, IReadOnlyList<string> paths, ReadBudget budget)
    {
        using var late = new CancellationTokenSource(budget.Left, _clock);
        string? searchPath = Environment.GetEnvironmentVariable("PATH");
        try
        {
            foreach (int count in LastEntries.TakeWhile(_ => !budget.IsSpent))
            {
                JournalQuery query = JournalQuery.For(LogVocabulary.AllRecords, paths) with { Last = count };
                using var log = LogFile.Of(JournalSource.Start(query, searchPath, isBehindCursor: false, late.Token));
                vocabulary.ReadOn(log, budget);
            }
        }
        catch (FaultException)
        {
            // Who reads the journal is told.
        }
    }

    private KnownNames Read(List<string> paths, ReadBudget budget)
    {
        var vocabularies = new List<LogVocabulary>();
        var open = new List<(LogVocabulary Vocabulary, LogFile Log)>();
        try
        {
            foreach (string path in paths)
            {
                if (JournalPath.IsJournal(path))
                {
                    vocabularies.Add(Find((null, path)));
                    ReadJournal(vocabularies[^1], [path], budget);
                    continue;
                }

                if (FileStatus.Of(path) is not { Kind: FileKind.Regular } status)
                {
                    continue;
                }

                LogVocabulary vocabulary = Find((status.Identity, status.Identity is null ? path : null));
                vocabularies.Add(vocabulary);
                if (!vocabulary.IsSettled(status) && !budget.IsSpent && TryCatchUp(vocabulary, path, budget) is LogFile log)
                {
                    open.Add((vocabulary, log));
                }
            }

            ReadOn(open, budget);
        }
        finally
        {
            open.ForEach(item => item.Log.Dispose());
        }

        KnownNames names = NamesOf(vocabularies);
        Forget();
        return names;
    }

    // A piece of each in turn, so that none has to wait for another's beginning; archives, which take the longest, last.
    private static void ReadOn(List<(LogVocabulary Vocabulary, LogFile Log)> open, ReadBudget budget)
    {
        var waiting = new Queue<(LogVocabulary Vocabulary, LogFile Log)>(open.OrderBy(item => item.Log.Compression));
        while (!budget.IsSpent && waiting.TryDequeue(out (LogVocabulary Vocabulary, LogFile Log) item))
        {
            try
            {
                if (item.Vocabulary.ReadOn(item.Log, budget))
                {
                    waiting.Enqueue(item);
                }
            }
            catch (FaultException)
            {
                // What was read of it stays known.
            }
        }
    }

    private static LogFile? TryCatchUp(LogVocabulary vocabulary, string path, ReadBudget budget)
    {
        LogFile? log = null;
        try
        {
            // No folders to search: a decompressor is not started for a completion.
            log = LogFile.Open(path, searchPath: "", CancellationToken.None);
            vocabulary.CatchUp(log, budget);
            return log;
        }
        catch (FaultException)
        {
            log?.Dispose();
            return null;
        }
    }

    private LogVocabulary Find((FileIdentity?, string?) key)
    {
        LogVocabulary vocabulary = _known.TryGetValue(key, out (LogVocabulary Vocabulary, long Use) entry) ? entry.Vocabulary : new LogVocabulary(_depth);
        _known[key] = (vocabulary, ++_uses);
        return vocabulary;
    }

    // Those that were not asked for the longest go first.
    private void Forget()
    {
        int words = _known.Values.Sum(entry => entry.Vocabulary.Count);
        foreach (((FileIdentity?, string?) key, (LogVocabulary vocabulary, _)) in _known.OrderBy(entry => entry.Value.Use).ToList())
        {
            if (words <= MostWords && _known.Count <= MostLogs)
            {
                return;
            }

            words -= vocabulary.Count;
            _known.Remove(key);
        }
    }
}
