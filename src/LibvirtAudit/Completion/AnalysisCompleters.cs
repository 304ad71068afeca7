using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;

namespace LibvirtAudit.Completion;

/// <summary>Completes -State of sessions.</summary>
public sealed class SessionStateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(VirtAuditSessionState.All, wordToComplete);
}

/// <summary>Completes -Kind of incidents.</summary>
public sealed class IncidentKindCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(IncidentReader.Kinds, wordToComplete);
}

/// <summary>Completes -Effect of incidents.</summary>
public sealed class IncidentEffectCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(IncidentEffect.All, wordToComplete);
}

/// <summary>Completes -Kind of findings.</summary>
public sealed class FindingKindCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(Enum.GetNames<FindingKind>(), wordToComplete);
}

/// <summary>Completes -Severity of findings.</summary>
public sealed class FindingSeverityCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(Enum.GetNames<FindingSeverity>(), wordToComplete);
}
