using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>The fields that a body can have in any order, by name: what the grammar writes and what it only reads.</summary>
internal static class FieldNames
{
    private static readonly FieldDefinition[][] ByLength = Index();
    private static readonly HashSet<string> Verbatim =
        [.. Grammar.Shapes.SelectMany(shape => shape.Fields).Where(field => field.Form == FieldForm.Verbatim).Select(field => field.Name), "dev", "source", "shmem"];

    /// <summary>The fields that follow a path in the bodies that end with others, the last first.</summary>
    public static FieldDefinition[] BehindPath { get; } = [Find("acl"u8)!, Find("rdev"u8)!];

    /// <summary>The definitions of the field called <paramref name="name"/>; none where the grammar doesn't know it.</summary>
    public static FieldDefinition? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < ByLength.Length)
        {
            foreach (FieldDefinition field in ByLength[name.Length])
            {
                if (field.Key[..^1].SequenceEqual(name))
                {
                    return field;
                }
            }
        }

        return null;
    }

    /// <summary>Whether a field of that name is written as it is, whatever it holds, in some shape or by old writers.</summary>
    public static bool IsEverVerbatim(FieldDefinition field) => Verbatim.Contains(field.Name);

    private static FieldDefinition[][] Index()
    {
        FieldDefinition[] all = [.. Grammar.Shapes.SelectMany(shape => shape.Fields).Concat(Grammar.ReadOnlyFields).DistinctBy(field => field.Name)];
        return [.. Enumerable.Range(0, all.Max(field => field.Name.Length) + 1).Select(length => all.Where(field => field.Name.Length == length).ToArray())];
    }
}
