using System.Globalization;
using LibvirtAudit.Carriers;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs.Journal;

/// <summary>What is asked of a journal, as <c>journalctl(1)</c> takes it.</summary>
internal sealed record JournalQuery
{
    /// <summary>What the system's own journal is called as a source of records.</summary>
    public const string SystemName = "journal";

    /// <summary>The kernel keeps no more of a program's name (TASK_COMM_LEN).</summary>
    private const int LongestCommand = 15;

    private const int FirstType = 2500;
    private const int TypeCount = 100;

    /// <summary>
    /// The journal goes by the time at which it got an entry, the filter by the record's own stamp. The two lie apart while
    /// the records of a boot wait for journald, and where a clock is set.
    /// </summary>
    private const int MarginSeconds = 600;

    /// <summary>The last second that <c>journalctl</c> is asked for: of the year 9999.</summary>
    private const long LastSecond = 253_402_300_799;

    /// <summary>The fields that a record is read of: the rest of an entry, which may be long, is not written at all.</summary>
    private const string Fields =
        "MESSAGE,SYSLOG_IDENTIFIER,_TRANSPORT,_COMM,_PID,_UID,_HOSTNAME,_MACHINE_ID,_SYSTEMD_UNIT," +
        "_AUDIT_ID,_AUDIT_TYPE,_AUDIT_TYPE_NAME,_SOURCE_REALTIME_TIMESTAMP";

    // What journald itself got of audit.
    private static readonly string[] OfRecords =
        [.. Enumerable.Range(FirstType, TypeCount).Select(type => string.Create(CultureInfo.InvariantCulture, $"_AUDIT_TYPE={type}"))];

    // The kernel's own line of an event, which is all there is where journald does not listen to audit; libvirt's daemons
    // (audit_logging); and the dispatchers of auditd.
    private static readonly string[] OfWriters =
    [
        "+", "_TRANSPORT=kernel",
        .. Speakers.DaemonNames.Concat(Speakers.DispatcherNames)
            .Where(name => name.Length <= LongestCommand)
            .SelectMany(name => new[] { "+", "_COMM=" + name }),
    ];

    /// <summary>The files, or the one folder, of a journal that was copied; empty for the system's own.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Whether audit records of every type are wanted, not only those of virtualization.</summary>
    public bool IsOfEveryType { get; init; }

    /// <summary>The first time that is wanted, in milliseconds since 1970-01-01 UTC; null for the journal's beginning.</summary>
    public long? From { get; init; }

    /// <summary>The last time that is wanted, in milliseconds since 1970-01-01 UTC; null for the journal's end.</summary>
    public long? To { get; init; }

    /// <summary>The entry to begin with, or where it is gone the next one; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether to go on with what comes.</summary>
    public bool IsFollowing { get; init; }

    /// <summary>Only the last so many entries; null for all.</summary>
    public int? Last { get; init; }

    /// <summary>What the entries must match, in place of what is wanted of records; null for that.</summary>
    public IReadOnlyList<string>? Matches { get; init; }

    /// <summary>What the journal is called in records and messages.</summary>
    public string Name => Paths switch
    {
        [] => SystemName,
        [string path] => path,
        [string first, ..] => Path.GetDirectoryName(first) ?? first,
    };

    /// <summary>What is asked for records that are read so.</summary>
    public static JournalQuery For(ReadOptions options, params IReadOnlyList<string> paths) => new()
    {
        Paths = paths,
        IsOfEveryType = !options.Events.IsEmpty || options.Moments,
        From = options.Filter.From,
        To = options.Filter.To,
    };

    /// <summary>The arguments.</summary>
    public IEnumerable<string> Arguments()
    {
        List<string> arguments = ["--output=export", "--no-pager", "--output-fields=" + Fields];
        arguments.AddRange(Paths.Select(path => Directory.Exists(path) ? "--directory=" + path : "--file=" + Escaped(path)));
        if (Cursor is string cursor)
        {
            arguments.Add("--cursor=" + cursor);
        }
        else if (From is long from)
        {
            arguments.Add("--since=" + Second(from, -MarginSeconds));
        }

        if (To is long to && !IsFollowing)
        {
            arguments.Add("--until=" + Second(to, MarginSeconds));
        }

        if (IsFollowing)
        {
            arguments.AddRange(["--follow", "--no-tail"]);
        }

        if (Last is int last)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--lines={last}"));
        }

        return arguments.Concat(Matches ?? [.. IsOfEveryType ? ["_TRANSPORT=audit", "+", .. OfRecords] : OfRecords, .. OfWriters]);
    }

    // The program takes the path of a file for a pattern (glob(7)).
    private static string Escaped(string path) =>
        string.Concat(path.Select(letter => letter is '*' or '?' or '[' or ']' or '\\' ? "\\" + letter : letter.ToString()));

    private static string Second(long milliseconds, int margin) =>
        string.Create(CultureInfo.InvariantCulture, $"@{Math.Clamp((milliseconds / 1000) + margin, 0, LastSecond)}");
}
