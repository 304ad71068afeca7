using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Format;

namespace LibvirtAudit.Completion;

/// <summary>Offers the values that the grammar knows for the property of the parameter's name, of the shapes that what is already typed leaves.</summary>
public sealed class GrammarCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = new TypedArguments(fakeBoundParameters, parameterName);
        return WordCompletion.Complete(Grammar.ValuesOf(Enum.Parse<RecordField>(parameterName), shape => TypedShapes.IsLeft(shape, commandName, typed)), wordToComplete);
    }
}
