using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Format;

namespace LibvirtAudit.Completion;

/// <summary>Completes -RecordType.</summary>
public sealed class RecordTypeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(RecordTypes.Names, wordToComplete);
}
