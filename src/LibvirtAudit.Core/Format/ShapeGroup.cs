using LibvirtAudit.Audit;

namespace LibvirtAudit.Format;

/// <summary>
/// Shapes that are alike so far: all of a type, then those with the same operation, resource type or class. Which part a
/// record belongs to its own words tell, without a look at each shape.
/// </summary>
internal sealed class ShapeGroup
{
    /// <summary>The fields whose fixed values say which shape a record has, in the order in which they are asked.</summary>
    private static readonly RecordField[] TellingFields = [RecordField.Operation, RecordField.ResourceType, RecordField.CgroupClass];
    private static readonly Dictionary<int, ShapeGroup> ByType =
        Grammar.Shapes.GroupBy(shape => shape.RecordType).ToDictionary(type => type.Key, type => new ShapeGroup(RecordTypes.GetName(type.Key), [.. type], TellingFields));

    private readonly Dictionary<string, ShapeGroup> _parts = new(StringComparer.OrdinalIgnoreCase);

    private ShapeGroup(string name, RecordShape[] shapes, ReadOnlySpan<RecordField> ahead)
    {
        Name = name;
        Shapes = shapes;
        while (!ahead.IsEmpty && Telling is null)
        {
            RecordField field = ahead[0];
            ahead = ahead[1..];
            if (Array.TrueForAll(shapes, shape => shape.Find(field)?.FixedValue is not null))
            {
                Telling = field;
                foreach (IGrouping<string, RecordShape> part in shapes.GroupBy(shape => shape.Find(field)!.FixedValue!))
                {
                    _parts.Add(part.Key, new ShapeGroup(part.Key, [.. part], ahead));
                }
            }
        }
    }

    /// <summary>The word that all of its records share, as libvirt writes it; the name of their type where they share nothing more.</summary>
    public string Name { get; }

    /// <summary>The field that divides it further; null where no word does.</summary>
    public RecordField? Telling { get; }

    /// <summary>What <see cref="Telling"/> can hold, in the order of the grammar.</summary>
    public IEnumerable<string> Words => _parts.Keys;

    /// <summary>Its shapes in the order of the grammar.</summary>
    public RecordShape[] Shapes { get; }

    /// <summary>The shapes of a type; null where libvirt writes no records of it.</summary>
    public static ShapeGroup? OfType(int type) => ByType.GetValueOrDefault(type);

    /// <summary>The part whose records have a word, in any case; null where there is none.</summary>
    public ShapeGroup? Part(string word) => _parts.GetValueOrDefault(word);
}
