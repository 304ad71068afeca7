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

    private static readonly RecordField[] AllFields = Enum.GetValues<RecordField>();

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
        foreach (RecordField field in AllFields)
        {
            if (!IsOfTrailer(field) && shape.Find(field) is null && RecordProperties.Get(record, field) is object misplaced)
            {
                throw new FaultException(FieldFaults.Misplaced(field, misplaced, shape));
            }
        }

        if (shape.NeedsValue && record.OldValue is null && record.NewValue is null)
        {
            throw new FaultException(FieldFaults.Missing(shape.Name, RecordField.OldValue, RecordField.NewValue));
        }

        foreach (FieldDefinition field in shape.Fields.Append(Grammar.Trailer[^1]))
        {
            object? value = RecordProperties.Get(record, field.Property);
            if (value is not null)
            {
                RecordProperties.Set(record, field.Property, ValueRules.Check(field, value));
            }
            else if (field.Missing == MissingForm.Never)
            {
                throw new FaultException(FieldFaults.Missing(shape.Name, field.Property));
            }
        }

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

    private static RecordShape FindShape(VirtAuditRecord record)
    {
        RecordShape[] shapes = [.. Grammar.Shapes.Where(shape => shape.RecordType == record.RecordTypeId)];
        string kind = RecordTypes.GetName(record.RecordTypeId.GetValueOrDefault());
        foreach (RecordField field in (RecordField[])[RecordField.Operation, RecordField.ResourceType, RecordField.CgroupClass])
        {
            if (!shapes.All(shape => shape.Find(field)?.FixedValue is not null))
            {
                continue;
            }

            string[] known = [.. shapes.Select(shape => shape.Find(field)!.FixedValue!).Distinct()];
            object given = RecordProperties.Get(record, field) ?? throw new FaultException(FieldFaults.Missing(kind, field));
            kind = known.FirstOrDefault(word => word.Equals(given as string, StringComparison.OrdinalIgnoreCase))
                ?? throw new FaultException(FieldFaults.Invalid(field, given, "one of " + string.Join(", ", known)));
            RecordProperties.Set(record, field, kind);
            shapes = [.. shapes.Where(shape => shape.Find(field)!.FixedValue == kind)];
        }

        return ChooseByValues(record, kind, shapes);
    }

    /// <summary>Of the shapes that are left, the one that has a place for most of what the record holds; an opened device is known by its reason.</summary>
    private static RecordShape ChooseByValues(VirtAuditRecord record, string kind, RecordShape[] shapes)
    {
        if (shapes.FirstOrDefault(shape => shape.Find(RecordField.Reason)?.FixedValue is string reason && reason == record.Reason) is RecordShape byReason)
        {
            return byReason;
        }

        RecordShape[] left = [.. shapes.Where(shape => shape.Find(RecordField.Reason)?.FixedValue is null)];
        int most = left.Max(shape => Held(record, shape));
        RecordShape[] best = [.. left.Where(shape => Held(record, shape) == most)];
        RecordField[] own = [.. best.Select(shape => shape.Fields[^1].Property)];
        return best.Length == 1 || own.Any(field => RecordProperties.Get(record, field) is not null)
            ? best[0]
            : throw new FaultException(FieldFaults.Missing(kind, own));
    }

    private static int Held(VirtAuditRecord record, RecordShape shape) => shape.Fields.Count(field => RecordProperties.Get(record, field.Property) is not null);

    private static bool IsOfTrailer(RecordField field) => Grammar.Trailer.Any(known => known.Property == field);
}
