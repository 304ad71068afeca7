using System.Globalization;
using System.Text;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Format;

/// <summary>The reference of the fields, made of the grammar: as a page, docs/fields.md, and as a help topic, en-US/about_LibvirtAudit_Fields.help.txt.</summary>
public static class FieldReference
{
    private const string NoValue = " Nothing is written where there is neither an old nor a new value.";
    private const int HelpWidth = 80;
    private const int ValueColumn = 38;

    /// <summary>The page as Markdown. <c>build.ps1 -Task Help</c> writes it again.</summary>
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
        Append(page, "Around every body", FieldOrigin.Envelope);
        foreach (IGrouping<int, RecordShape> type in Grammar.Shapes.GroupBy(shape => shape.RecordType))
        {
            page.Append("\n## ").Append(RecordTypes.GetName(type.Key)).Append('\n');
            foreach (RecordShape shape in type)
            {
                Append(page, shape);
            }
        }

        page.Append("""

            Fields that the record's kind does not have, of other programs or of versions to come, are kept as they are in `AdditionalFields`.

            """);
        Append(page, "Read, and never written", FieldOrigin.OtherForms);
        return page.ToString();
    }

    /// <summary>The help topic as plain text. <c>build.ps1 -Task Help</c> writes it again.</summary>
    public static string ToHelpText()
    {
        var text = new StringBuilder();
        text.Append("""
            TOPIC
                about_LibvirtAudit_Fields

            SHORT DESCRIPTION
                The kinds of records, their fields, and the properties that they are.

            LONG DESCRIPTION
                For each kind of record the fields of its body in the order in which
                libvirt writes them: the property, the field, and how its value is written.
                The parameters of the Write cmdlets are called as the properties.

                  encoded   in double quotes, or as upper-case hex where a byte is a
                            quote, a blank, a control character or not ASCII
                  word      as it is, without blanks
                  verbatim  as it is, whatever it holds; writing refuses what could be
                            taken for another field
                  number    decimal

                A property that is null is written as the sign behind "else"; where none
                stands, the value is always there.

                Behind every body that goes to the kernel libaudit writes:


            """);
        foreach (FieldDefinition field in Grammar.Trailer)
        {
            text.Append(CultureInfo.InvariantCulture, $"      {field.Property,-16}{field.Name}\n");
        }

        foreach (IGrouping<int, RecordShape> type in Grammar.Shapes.GroupBy(shape => shape.RecordType))
        {
            text.Append('\n').Append(RecordTypes.GetName(type.Key)).Append('\n');
            foreach (RecordShape shape in type)
            {
                AppendHelp(text, shape);
            }
        }

        AppendHelp(text, "Around every body", FieldOrigin.Envelope);
        AppendHelp(text, "Read, and never written", FieldOrigin.OtherForms);
        return text.Append("""

            SEE ALSO
                about_LibvirtAudit
                Get-VirtAuditRecord
                Write-VirtResourceAudit

            """).ToString();
    }

    private static void Append(StringBuilder page, string title, IReadOnlyList<FieldOrigin> fields)
    {
        page.Append("\n## ").Append(title).Append("\n\n| field | property | written by |\n|---|---|---|\n");
        foreach (FieldOrigin field in fields)
        {
            page.Append("| `").Append(field.Field).Append("` | ").Append(field.Property).Append(" | ").Append(field.Origin).Append(" |\n");
        }
    }

    private static void AppendHelp(StringBuilder text, string title, IReadOnlyList<FieldOrigin> fields)
    {
        text.Append('\n').Append(title).Append('\n');
        foreach (FieldOrigin field in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    {field.Field} ({field.Property})\n");
            AppendWrapped(text, field.Origin.Replace("`", "", StringComparison.Ordinal), "      ");
        }
    }

    private static void AppendHelp(StringBuilder text, RecordShape shape)
    {
        text.Append("\n    ").Append(shape.Name).Append('\n');
        AppendWrapped(text, shape.NeedsValue ? shape.Summary + NoValue : shape.Summary, "      ");
        foreach (FieldDefinition field in shape.Fields)
        {
            string missing = field.Missing switch { MissingForm.Quoted or MissingForm.QuotedOrBare => ", else \"?\"", MissingForm.Bare => ", else ?", _ => "" };
            string written = Describe(field).Replace("`", "", StringComparison.Ordinal) + missing;
            text.Append(CultureInfo.InvariantCulture, $"      {field.Property,-16}{field.Name,-16}{written}\n");
            if (field.Values.Count > 0)
            {
                AppendWrapped(text, string.Join(", ", field.Values), new string(' ', ValueColumn));
            }
        }
    }

    /// <summary>Lines of at most 80 characters, as topics of PowerShell have them.</summary>
    private static void AppendWrapped(StringBuilder text, string sentence, string indent)
    {
        int length = 0;
        foreach (string word in sentence.Split(' '))
        {
            if (length > 0 && length + 1 + word.Length > HelpWidth)
            {
                text.Append('\n');
                length = 0;
            }

            string separator = length == 0 ? indent : " ";
            text.Append(separator).Append(word);
            length += separator.Length + word.Length;
        }

        text.Append('\n');
    }

    private static void Append(StringBuilder page, RecordShape shape)
    {
        page.Append("\n### ").Append(shape.Name).Append("\n\n").Append(shape.Summary);
        page.Append(shape.NeedsValue ? NoValue : "").Append("\n\n");
        page.Append("| field | property | written | without a value | known values |\n|---|---|---|---|---|\n");
        foreach (FieldDefinition field in shape.Fields)
        {
            string missing = field.Missing switch { MissingForm.Quoted => "`\"?\"`", MissingForm.QuotedOrBare => "`\"?\"`, seldom `?`", MissingForm.Bare => "`?`", _ => "always there" };
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
            ValueRule.Process => ", 0 or -1 for no process",
            ValueRule.DeviceAddress => ", an address of the bus",
            _ => "",
        };
        return form + rule;
    }
}
