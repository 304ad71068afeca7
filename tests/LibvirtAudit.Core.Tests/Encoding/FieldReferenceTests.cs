using LibvirtAudit.Format;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Encoding;

public sealed class FieldReferenceTests
{
    [Fact]
    public void The_reference_page_is_what_the_grammar_says() =>
        Assert.Equal(FieldReference.ToMarkdown().Trim(), File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "docs", "fields.md")).Trim());
}
