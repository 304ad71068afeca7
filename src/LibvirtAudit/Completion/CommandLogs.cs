using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Binding;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Completion;

/// <summary>What the logs name that a command line is about: those that it gives, or else this host's.</summary>
internal static class CommandLogs
{
    /// <summary>What reads the logs; one for all sessions, so that what one learned another knows. Tests give it more time.</summary>
    internal static VocabularyReader Reader { get; set; } = new();

    /// <summary>The names; none where the command line gives the logs in a way that only running it would tell.</summary>
    public static KnownNames Read(CommandAst command, TypedArguments typed)
    {
        // The session's own folder, drives and variables, which a completer is not handed.
        var engine = (EngineIntrinsics)ScriptBlock.Create("$ExecutionContext").Invoke()[0].BaseObject;
        Dictionary<string, ParameterBindingResult> bound = StaticParameterBinder.BindCommand(command).BoundParameters;
        string[]? Texts(string parameter) =>
            typed.Texts(parameter) ?? (bound.TryGetValue(parameter, out ParameterBindingResult? argument) ? [.. PlainText.Of(argument.Value, engine)] : null);

        KnownNames Find(string[]? patterns, string[]? literals) => Reader.Read(new LogPathResolver(engine.SessionState, _ => { }).Resolve(patterns, literals));

        string[]? patterns = Texts("Path"), literals = Texts("LiteralPath");
        if (patterns is not null || literals is not null)
        {
            return Find(patterns, literals);
        }

        if (typed.Has("Journal"))
        {
            return Reader.ReadJournal();
        }

        // Into a log that is still to be made the host's guests are written.
        KnownNames written = Texts("LogPath") is string[] paths ? Find(null, paths) : KnownNames.None;
        return written.Guests.Count > 0 ? written : Reader.ReadHost(new HostLogFinder());
    }
}
