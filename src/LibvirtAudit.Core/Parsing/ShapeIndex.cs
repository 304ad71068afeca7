using LibvirtAudit.Audit;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>The shapes that a body can have, by its type and the word that tells its kind.</summary>
internal static class ShapeIndex
{
    private static readonly RecordShape[] MachineIds = [.. Grammar.Shapes.Where(shape => shape.RecordType == RecordTypes.MachineId)];
    private static readonly (byte[] Word, RecordShape[] Shapes)[] Controls = Group(RecordTypes.Control, RecordField.Operation);
    private static readonly (byte[] Word, RecordShape[] Shapes)[] Resources = Group(RecordTypes.Resource, RecordField.ResourceType);

    /// <summary>The shapes of <paramref name="type"/> (of any type, where it is 0) that <paramref name="body"/> can have by its second field.</summary>
    public static ReadOnlySpan<RecordShape> Candidates(int type, ReadOnlySpan<byte> body)
    {
        int blank = body.IndexOf((byte)' ');
        if (blank < 0)
        {
            return [];
        }

        ReadOnlySpan<byte> second = body[(blank + 1)..];
        if (second.StartsWith("resrc="u8))
        {
            return type is 0 or RecordTypes.Resource ? Find(Resources, second["resrc=".Length..]) : [];
        }

        if (second.StartsWith("op="u8))
        {
            return type is 0 or RecordTypes.Control ? Find(Controls, second["op=".Length..]) : [];
        }

        return type is 0 or RecordTypes.MachineId ? MachineIds : [];
    }

    private static ReadOnlySpan<RecordShape> Find((byte[] Word, RecordShape[] Shapes)[] groups, ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
        foreach ((byte[] candidate, RecordShape[] shapes) in groups)
        {
            if (word.SequenceEqual(candidate))
            {
                return shapes;
            }
        }

        return [];
    }

    private static (byte[] Word, RecordShape[] Shapes)[] Group(int type, RecordField key) =>
    [
        .. Grammar.Shapes.Where(shape => shape.RecordType == type)
            .GroupBy(shape => shape.Find(key)!.FixedValue!)
            .Select(group => (System.Text.Encoding.ASCII.GetBytes(group.Key), MostFixedFirst(group))),
    ];

    // net open before net: the shape that says more of a record is tried first.
    private static RecordShape[] MostFixedFirst(IEnumerable<RecordShape> shapes) =>
        [.. shapes.OrderByDescending(shape => shape.Fields.Count(field => field.FixedValue is not null))];
}
