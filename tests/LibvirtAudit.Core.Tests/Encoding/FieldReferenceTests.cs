using LibvirtAudit.Format;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Encoding;

public sealed class FieldReferenceTests
{
    [Fact]
    public void The_reference_page_is_what_the_grammar_says() =>
        Assert.Equal(FieldReference.ToMarkdown().Trim(), File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "docs", "fields.md")).Trim());

    [Fact]
    public void The_reference_page_names_every_property_that_a_field_fills()
    {
        // What the module says itself of a record, and what it keeps of the text.
        string[] own = ["Delivered", "AdditionalFields", "Source", "RawText"];
        string page = FieldReference.ToMarkdown();
        Assert.All(typeof(LibvirtAudit.Records.VirtAuditRecord).GetProperties().Select(property => property.Name).Except(own),
            name => Assert.Matches($@"[|(, ]{name}[|), ]", page));
    }

    [Fact]
    public void The_help_topic_is_what_the_grammar_says()
    {
        string text = FieldReference.ToHelpText();
        Assert.Equal(text.Trim(), File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "en-US", "about_LibvirtAudit_Fields.help.txt")).Trim());
        Assert.DoesNotContain(text.Split('\n'), line => line.Length > 80);
    }
}
