using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LibvirtAudit.Completion;

/// <summary>Completes -AuditLevel, and says what the levels are.</summary>
public sealed class AuditLevelCompleter : IArgumentCompleter
{
    private static readonly (string Level, string Meaning)[] Levels =
    [
        ("0", "send nothing"),
        ("1", "send where the host's audit is on"),
        ("2", "send, and fail where the host's audit is off"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Levels.Where(level => level.Level.StartsWith(wordToComplete, StringComparison.Ordinal))
            .Select(level => new CompletionResult(level.Level, level.Level, CompletionResultType.ParameterValue, level.Meaning));
}
