using System.Management.Automation;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Binding;

/// <summary>The logs that the parameters of a cmdlet name, and the sets that these parameters are in.</summary>
internal sealed class LogSelection
{
    public const string PathSet = "Path";
    public const string LiteralPathSet = "LiteralPath";
    public const string JournalSet = "Journal";
    public const string InputSet = "InputObject";

    /// <summary>Paths in which wildcards are expanded; null for none.</summary>
    public string[]? Path { get; set; }

    /// <summary>Paths to the letter; null for none.</summary>
    public string[]? LiteralPath { get; set; }

    /// <summary>Whether the system's journal is named.</summary>
    public SwitchParameter Journal { get; set; }

    /// <summary>Whether any path is named.</summary>
    public bool HasPath => Path is not null || LiteralPath is not null;

    /// <summary>The files that the paths name.</summary>
    public IEnumerable<string> Resolve(SessionState session, Action<Fault> report) =>
        new LogPathResolver(session, report).Resolve(Path, LiteralPath);
}
