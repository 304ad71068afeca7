using System.Text;

namespace LibvirtAudit.Format;

/// <summary>The reference page of the fields, docs/fields.md, made of the grammar.</summary>
public static class FieldReference
{
    /// <summary>The page as Markdown. It is written again with: virtaudit '[LibvirtAudit.Format.FieldReference]::ToMarkdown()' > docs/fields.md</summary>
    public static string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append("""
            # Fields

            Made from the grammar table (`src/LibvirtAudit.Core/Format/Grammar.cs`). For each kind of record the fields of its body in the order in
            which libvirt writes them, the property that each is, and how its value is written:

            - *encoded*: in double quotes, or as upper-case hex where a byte is a quote, a blank, a control character or not ASCII
            - *word*: as it is, without blanks
            - *verbatim*: as it is, whatever it holds; writing refuses what could be taken for another field
            - *number*: decimal

            Behind every body that goes to the kernel libaudit writes
            """);
        page.Append(' ').AppendJoin(' ', Grammar.Trailer.Select(field => $"`{field.Name}=` ({field.Property})")).Append(".\n");
        foreach (IGrouping<int, RecordShape> type in Grammar.Shapes.GroupBy(shape => shape.RecordType))
        {
            page.Append("\n## ").Append(RecordTypes.GetName(type.Key)).Append('\n');
            foreach (RecordShape shape in type)
            {
                Append(page, shape);
            }
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, RecordShape shape)
    {
        page.Append("\n### ").Append(shape.Name).Append("\n\n").Append(shape.Summary);
        page.Append(shape.NeedsValue ? " Nothing is written where there is neither an old nor a new value.\n\n" : "\n\n");
        page.Append("| field | property | written | without a value | known values |\n|---|---|---|---|---|\n");
        foreach (FieldDefinition field in shape.Fields)
        {
            string missing = field.Missing switch { MissingForm.Quoted => "`\"?\"`", MissingForm.Bare => "`?`", _ => "always there" };
            page.Append("| `").Append(field.Name).Append("` | ").Append(field.Property).Append(" | ").Append(Describe(field)).Append(" | ")
                .Append(missing).Append(" | ").AppendJoin(", ", field.Values).Append(" |\n");
        }
    }

    private static string Describe(FieldDefinition field)
    {
        string form = field.Form switch
        {
            FieldForm.Encoded => "encoded",
            FieldForm.Verbatim => "verbatim",
            FieldForm.Word => "word",
            FieldForm.Uuid => "UUID",
            _ => "number",
        };
        string rule = field.Rule switch
        {
            ValueRule.MacAddress => ", a MAC address",
            ValueRule.DeviceNumber => ", two hex numbers `MAJ:MIN`",
            ValueRule.Major => ", a hex number",
            ValueRule.Access => ", letters of `rwm`",
            ValueRule.Count => ", 32 bits",
            ValueRule.DeviceAddress => ", an address of the bus",
            _ => "",
        };
        return form + rule;
    }
}
