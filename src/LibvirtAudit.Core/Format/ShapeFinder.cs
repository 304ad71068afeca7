using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Format;

/// <summary>Finds the shape in which libvirt would write a record.</summary>
public static class ShapeFinder
{
    /// <summary>
    /// The shape of <paramref name="record"/>: of its type, with every fixed value of the shape. Where several are left
    /// (hostdev by disk or by chardev, net and net open) the one with more fixed values, then the one that has a
    /// field for more of what the record holds. Null where libvirt writes no such record.
    /// </summary>
    public static RecordShape? Find(VirtAuditRecord record)
    {
        int type = record.RecordTypeId ?? (record.RecordType is string name ? RecordTypes.Parse(System.Text.Encoding.UTF8.GetBytes(name)) : 0);
        ShapeGroup? group = ShapeGroup.OfType(type);
        while (group?.Telling is RecordField field)
        {
            group = RecordProperties.Get(record, field) is string word ? group.Part(word) : null;
        }

        RecordShape? best = null;
        (int Fixed, int Held) bestRank = (-1, -1);
        foreach (RecordShape shape in group?.Shapes ?? [])
        {
            if (Rank(shape, record) is (int, int) rank && rank.CompareTo(bestRank) > 0)
            {
                (best, bestRank) = (shape, rank);
            }
        }

        return best;
    }

    private static (int Fixed, int Held)? Rank(RecordShape shape, VirtAuditRecord record)
    {
        int matched = 0, held = 0;
        foreach (FieldDefinition field in shape.FieldSpan)
        {
            object? value = RecordProperties.Get(record, field.Property);
            if (field.FixedValue is not null)
            {
                if (value is not string text || text != field.FixedValue)
                {
                    return null;
                }

                matched++;
            }
            else if (value is not null)
            {
                held++;
            }
        }

        return (matched, held);
    }
}
