using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Format;

namespace LibvirtAudit.Completion;

/// <summary>Offers the values that the grammar knows for a field, of the shapes that what is already typed leaves.</summary>
public abstract class GrammarCompleter : IArgumentCompleter
{
    /// <summary>The fields whose values say which shapes are left.</summary>
    private static readonly RecordField[] Telling = [RecordField.ResourceType, RecordField.Operation, RecordField.CgroupClass];
    private readonly RecordField _field;

    private protected GrammarCompleter(RecordField field) => _field = field;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        WordCompletion.Complete(
            Grammar.ValuesOf(_field, shape => IsWritten(shape, commandName) && Telling.All(field => IsLeft(shape, field, fakeBoundParameters))), wordToComplete);

    // The cmdlets that write each write one type of record, those that read read them all.
    private static bool IsWritten(RecordShape shape, string commandName) => commandName.ToUpperInvariant() switch
    {
        "WRITE-VIRTCONTROLAUDIT" => shape.RecordType == RecordTypes.Control,
        "WRITE-VIRTMACHINEIDAUDIT" => shape.RecordType == RecordTypes.MachineId,
        "WRITE-VIRTRESOURCEAUDIT" => shape.RecordType == RecordTypes.Resource,
        _ => true,
    };

    // A shape is left where the parameter isn't typed yet, is what is being completed, or names the shape's fixed value.
    private bool IsLeft(RecordShape shape, RecordField field, IDictionary typed)
    {
        object? value = field == _field ? null : typed[field.ToString()];
        return value is null || (shape.Find(field)?.FixedValue is string word && LanguagePrimitives.ConvertTo<string[]>(value).Contains(word, StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>Completes -ResourceType.</summary>
public sealed class ResourceTypeCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public ResourceTypeCompleter()
        : base(RecordField.ResourceType)
    {
    }
}

/// <summary>Completes -Operation.</summary>
public sealed class OperationCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public OperationCompleter()
        : base(RecordField.Operation)
    {
    }
}

/// <summary>Completes -Reason.</summary>
public sealed class ReasonCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public ReasonCompleter()
        : base(RecordField.Reason)
    {
    }
}

/// <summary>Completes -Result.</summary>
public sealed class ResultCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public ResultCompleter()
        : base(RecordField.Result)
    {
    }
}

/// <summary>Completes -Driver.</summary>
public sealed class DriverCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public DriverCompleter()
        : base(RecordField.Driver)
    {
    }
}

/// <summary>Completes -Bus.</summary>
public sealed class BusCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public BusCompleter()
        : base(RecordField.Bus)
    {
    }
}

/// <summary>Completes -CgroupClass.</summary>
public sealed class CgroupClassCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public CgroupClassCompleter()
        : base(RecordField.CgroupClass)
    {
    }
}

/// <summary>Completes -Category.</summary>
public sealed class CategoryCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public CategoryCompleter()
        : base(RecordField.Category)
    {
    }
}

/// <summary>Completes -Access.</summary>
public sealed class AccessCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public AccessCompleter()
        : base(RecordField.Access)
    {
    }
}

/// <summary>Completes -Model.</summary>
public sealed class ModelCompleter : GrammarCompleter
{
    /// <summary>Makes the completer.</summary>
    public ModelCompleter()
        : base(RecordField.Model)
    {
    }
}
