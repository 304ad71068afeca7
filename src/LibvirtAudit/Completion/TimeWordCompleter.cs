using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Filtering;

namespace LibvirtAudit.Completion;

/// <summary>Completes times with the words that stand for one.</summary>
public sealed class TimeWordCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(TimeWord.Names, wordToComplete);
}
