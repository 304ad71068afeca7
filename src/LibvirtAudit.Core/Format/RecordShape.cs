namespace LibvirtAudit.Format;

/// <summary>One kind of record as libvirt writes it: its type and the fields of its body in their exact order.</summary>
public sealed class RecordShape
{
    private readonly FieldDefinition?[] _byProperty = new FieldDefinition?[Enum.GetValues<RecordField>().Length];

    internal RecordShape(int recordType, string name, string summary, params FieldDefinition[] fields)
    {
        RecordType = recordType;
        Name = name;
        Summary = summary;
        Fields = fields;
        foreach (FieldDefinition field in fields)
        {
            _byProperty[(int)field.Property] ??= field;
        }
    }

    /// <summary>The number of the record's type.</summary>
    public int RecordType { get; }

    /// <summary>What the shape is called in messages and in the reference page, <c>disk</c>, <c>net open</c>.</summary>
    public string Name { get; }

    /// <summary>What a record of this shape says, for the reference page.</summary>
    public string Summary { get; }

    /// <summary>The fields of the body in their order.</summary>
    public IReadOnlyList<FieldDefinition> Fields { get; }

    /// <summary>Whether a record without both <c>old-*</c> and <c>new-*</c> is never written, as libvirt logs nothing then.</summary>
    public bool NeedsValue { get; internal init; }

    /// <summary>The field that fills <paramref name="property"/>, or null.</summary>
    public FieldDefinition? Find(RecordField property) => _byProperty[(int)property];
}
