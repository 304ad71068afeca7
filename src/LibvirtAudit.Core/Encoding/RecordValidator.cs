using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Encoding;

/// <summary>
/// Checks a record that is to be written against the grammar: that libvirt has such a record, that it has all of the
/// record's values and the record all of its, and that each value is what its field holds.
/// </summary>
internal static class RecordValidator
{
    /// <summary>The bytes of a text that the kernel prints (<c>linux/audit.h</c>, AUDIT_MESSAGE_TEXT_MAX); it cuts the rest.</summary>
    public const int LongestText = 8560;

    private static readonly RecordField[] BodyFields = [.. Enum.GetValues<RecordField>().Except(Grammar.Trailer.Select(field => field.Property))];
    private static readonly FieldDefinition ResultField = Grammar.Trailer.Single(field => field.Property == RecordField.Result);

    /// <summary>
    /// The shape in which the record is written. Values that libvirt writes in one case only (MAC addresses, device
    /// numbers, the words by which shapes are known) are brought into that case.
    /// </summary>
    /// <param name="record">The record; its type says of which kind it is.</param>
    /// <param name="warn">Takes what is odd, but libvirt itself writes at times.</param>
    /// <exception cref="FaultException">The record is none of libvirt's; what is wrong with it first.</exception>
    public static RecordShape Check(VirtAuditRecord record, Action<string> warn)
    {
        RecordShape shape = FindShape(record);
        foreach (RecordField field in BodyFields)
        {
            if (shape.Find(field) is null && RecordProperties.Get(record, field) is object misplaced)
            {
                throw new FaultException(FieldFaults.Misplaced(field, misplaced, shape));
            }
        }

        if (shape.NeedsValue && record.OldValue is null && record.NewValue is null)
        {
            throw new FaultException(FieldFaults.Missing(shape.Name, RecordField.OldValue, RecordField.NewValue));
        }

        foreach (FieldDefinition field in shape.FieldSpan)
        {
            CheckField(record, field, shape);
        }

        CheckField(record, ResultField, shape);
        if (record is { Bus: string bus, Device: string device } && !ValueRules.IsUsualAddress(bus, device))
        {
            warn(WriteNotices.OddAddress(bus, device));
        }

        return shape;
    }

    /// <summary>Checks the length of the whole text.</summary>
    /// <exception cref="FaultException">The kernel would cut it.</exception>
    public static void CheckLength(int length)
    {
        if (length > LongestText)
        {
            throw new FaultException(FieldFaults.TooLong(length, LongestText));
        }
    }

    private static void CheckField(VirtAuditRecord record, FieldDefinition field, RecordShape shape)
    {
        object? value = RecordProperties.Get(record, field.Property);
        if (value is null)
        {
            if (field.Missing == MissingForm.Never)
            {
                throw new FaultException(FieldFaults.Missing(shape.Name, field.Property));
            }

            return;
        }

        object written = ValueRules.Check(field, value);
        if (written is string text && text.EndsWith(':') && field.Form != FieldForm.Encoded && field.Property != RecordField.DevicePath && field == shape.Fields[^1])
        {
            throw new FaultException(FieldFaults.EndsInColon(field, text));
        }

        if (!ReferenceEquals(written, value))
        {
            RecordProperties.Set(record, field.Property, written);
        }
    }

    private static RecordShape FindShape(VirtAuditRecord record)
    {
        int type = record.RecordTypeId.GetValueOrDefault();
        ShapeGroup group = ShapeGroup.OfType(type) ?? throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "libvirt writes no records of its type"));
        while (group.Telling is RecordField field)
        {
            object given = RecordProperties.Get(record, field) ?? throw new FaultException(FieldFaults.Missing(group.Name, field));
            group = (given is string word ? group.Part(word) : null) ?? throw new FaultException(FieldFaults.Invalid(field, given, "one of " + string.Join(", ", group.Words)));

            // In libvirt's case, whatever was given.
            RecordProperties.Set(record, field, group.Name);
        }

        return group.Shapes.Length == 1 ? group.Shapes[0] : ChooseByValues(record, group.Name, [.. group.Shapes]);
    }

    /// <summary>Of the shapes that are left, the one that has a place for most of what the record holds; an opened device is known by its reason.</summary>
    private static RecordShape ChooseByValues(VirtAuditRecord record, string kind, List<RecordShape> shapes)
    {
        if (shapes.Find(shape => shape.Find(RecordField.Reason)?.FixedValue is string reason && reason == record.Reason) is RecordShape byReason)
        {
            return byReason;
        }

        shapes.RemoveAll(shape => shape.Find(RecordField.Reason)?.FixedValue is not null);
        int most = shapes.Max(shape => Held(record, shape));
        shapes.RemoveAll(shape => Held(record, shape) < most);
        RecordField[] own = [.. shapes.Select(shape => shape.Fields[^1].Property)];
        return shapes.Count == 1 || own.Any(field => RecordProperties.Get(record, field) is not null)
            ? shapes[0]
            : throw new FaultException(FieldFaults.Missing(kind, own));
    }

    private static int Held(VirtAuditRecord record, RecordShape shape) => shape.Fields.Count(field => RecordProperties.Get(record, field.Property) is not null);
}
