using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Audit;
using LibvirtAudit.Format;

namespace LibvirtAudit.Completion;

/// <summary>Completes -RecordType: with all types of the range, or where a resource type or operation is typed with those that have it.</summary>
public sealed class RecordTypeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = new TypedArguments(fakeBoundParameters, parameterName);
        IEnumerable<string> names = !TypedShapes.Any(typed)
            ? RecordTypes.Names
            : Grammar.Shapes.Where(shape => TypedShapes.IsLeft(shape, commandName, typed)).Select(shape => RecordTypes.GetName(shape.RecordType)).Distinct();
        return WordCompletion.Complete(names, wordToComplete);
    }
}
