using System.Collections;
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

    /// <summary>Whether a named path is to be read: one of <c>$PSDefaultParameterValues</c> gives way to a pipeline, also to an empty one.</summary>
    public bool IsAsked(PSCmdlet cmdlet) => HasPath && !(cmdlet.MyInvocation.ExpectingInput && IsByDefault(cmdlet));

    /// <summary>Whether <c>-Path</c> has the value that <c>$PSDefaultParameterValues</c> holds for it.</summary>
    public bool IsByDefault(PSCmdlet cmdlet) =>
        Path is not null
        && cmdlet.GetVariableValue("PSDefaultParameterValues") is IDictionary defaults
        && defaults.Keys.OfType<string>().Any(key => IsOfPath(key, cmdlet.MyInvocation.MyCommand.Name));

    /// <summary>The files that the paths name.</summary>
    public IEnumerable<string> Resolve(SessionState session, Action<Fault> report) =>
        new LogPathResolver(session, report).Resolve(Path, LiteralPath);

    // 'COMMAND:PARAMETER', where the command is a pattern and both may be quoted.
    private static bool IsOfPath(string key, string command)
    {
        int colon = key.LastIndexOf(':');
        return colon > 0 && Bare(key[(colon + 1)..]).Equals(nameof(Path), StringComparison.OrdinalIgnoreCase)
            && new WildcardPattern(Bare(key[..colon]), WildcardOptions.IgnoreCase).IsMatch(command);
    }

    private static string Bare(string text) => text.Trim().Trim('\'', '"');
}
