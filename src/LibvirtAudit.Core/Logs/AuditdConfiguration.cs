using System.Globalization;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// What auditd.conf says of the host's own logs, with auditd's defaults for what it does not say (auditd.conf(5); the values
/// auditd 3 and 4 begin with). A line or value that auditd would refuse is passed over: a half-edited configuration must
/// not stand between an auditor and the log.
/// </summary>
public sealed class AuditdConfiguration
{
    /// <summary>Where auditd looks for it.</summary>
    public const string DefaultPath = "/etc/audit/auditd.conf";

    /// <summary>No configuration is as long: what lies behind is not read.</summary>
    private const int MaxLength = 1024 * 1024;

    /// <summary>auditd refuses to keep more.</summary>
    private const int MaxLogs = 999;

    private static readonly string[] LogFormats = ["RAW", "ENRICHED", "NOLOG"];
    private static readonly string[] MaxLogFileActions = ["IGNORE", "SYSLOG", "SUSPEND", "ROTATE", "KEEP_LOGS", "EXEC"];
    private static readonly string[] NameFormats = ["NONE", "HOSTNAME", "FQD", "NUMERIC", "USER"];

    private AuditdConfiguration()
    {
    }

    /// <summary>Why nothing could be read and all values are the defaults: PathNotFound, LogAccessDenied, …; null where it was read.</summary>
    public Fault? Problem { get; private set; }

    /// <summary><c>log_file</c>: where the log is. By default <c>/var/log/audit/audit.log</c>.</summary>
    public string LogPath { get; private set; } = "/var/log/audit/audit.log";

    /// <summary>
    /// <c>write_logs</c>: whether auditd writes a log at all. By default it does; <c>log_format = NOLOG</c> is an old way to say
    /// that it does not.
    /// </summary>
    public bool WriteLogs { get; private set; } = true;

    /// <summary><c>log_format</c>: RAW, ENRICHED (the default) or NOLOG.</summary>
    public string LogFormat { get; private set; } = "ENRICHED";

    /// <summary><c>log_group</c>: the group that may read the log, by name or number. By default root.</summary>
    public string LogGroup { get; private set; } = "root";

    /// <summary><c>num_logs</c>: how many files rotation keeps, the current one included; below 2, as by default, there is no rotation.</summary>
    public int LogCount { get; private set; }

    /// <summary><c>max_log_file</c>: the length in MiB at which <see cref="MaxLogFileAction"/> is taken; 0 by default.</summary>
    public long MaxLogFile { get; private set; }

    /// <summary><c>max_log_file_action</c>: IGNORE (the default), SYSLOG, SUSPEND, ROTATE, KEEP_LOGS or EXEC.</summary>
    public string MaxLogFileAction { get; private set; } = "IGNORE";

    /// <summary>
    /// <c>name_format</c>: what <c>node=</c> at the front of each line holds: NONE (there is none, the default), HOSTNAME, FQD,
    /// NUMERIC or USER.
    /// </summary>
    public string NameFormat { get; private set; } = "NONE";

    /// <summary><c>name</c>: the node's name where <see cref="NameFormat"/> is USER; null where none is given.</summary>
    public string? Name { get; private set; }

    /// <summary>Reads the configuration at <paramref name="path"/>.</summary>
    public static AuditdConfiguration Read(string path = DefaultPath)
    {
        try
        {
            return Parse(ReadText(path));
        }
        catch (FaultException e)
        {
            return Unread(e.Fault);
        }
    }

    /// <summary>The defaults, where nothing could be read.</summary>
    internal static AuditdConfiguration Unread(Fault problem) => new() { Problem = problem };

    /// <summary>Reads the text of a configuration.</summary>
    internal static AuditdConfiguration Parse(string text)
    {
        var configuration = new AuditdConfiguration();
        foreach (string line in text.Split('\n'))
        {
            configuration.TakeLine(line);
        }

        return configuration;
    }

    private static string ReadText(string path)
    {
        using RawFile file = RawFile.Open(path, CancellationToken.None);
        if (!file.IsRegular)
        {
            throw new FaultException(LogFaults.PathNotFound(path));
        }

        var bytes = new byte[Math.Clamp(file.Length, 0, MaxLength)];
        return System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAt(0, bytes)));
    }

    private void TakeLine(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || line.TrimStart().StartsWith('#'))
        {
            return;
        }

        // auditd takes one word; a second one, which a few keywords have, is no part of what is read here.
        string[] words = line[(equals + 1)..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        if (words is [string value, ..])
        {
            Take(line[..equals].Trim().ToLowerInvariant(), value);
        }
    }

    private void Take(string keyword, string value)
    {
        switch (keyword)
        {
            case "log_file":
                // auditd refuses a path from its own folder, which a reader's is not.
                LogPath = value.StartsWith('/') ? value : LogPath;
                break;
            case "write_logs":
                WriteLogs = OneOf(["yes", "no"], value) is { } answer ? answer == "yes" : WriteLogs;
                break;
            case "log_format":
                LogFormat = OneOf(LogFormats, value) ?? LogFormat;
                WriteLogs &= LogFormat != "NOLOG";
                break;
            case "log_group":
                LogGroup = value;
                break;
            case "num_logs":
                LogCount = Number(value) is <= MaxLogs and { } count ? (int)count : LogCount;
                break;
            case "max_log_file":
                MaxLogFile = Number(value) ?? MaxLogFile;
                break;
            case "max_log_file_action":
                MaxLogFileAction = OneOf(MaxLogFileActions, value) ?? MaxLogFileAction;
                break;
            case "name_format":
                NameFormat = OneOf(NameFormats, value) ?? NameFormat;
                break;
            case "name":
                Name = value;
                break;
            default:
                // Of no concern to a reader of logs.
                break;
        }
    }

    private static string? OneOf(string[] values, string value) =>
        Array.Find(values, known => known.Equals(value, StringComparison.OrdinalIgnoreCase));

    private static long? Number(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
