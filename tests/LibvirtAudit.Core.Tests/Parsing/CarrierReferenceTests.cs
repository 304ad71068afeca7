using LibvirtAudit.Carriers;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

public sealed class CarrierReferenceTests
{
    [Fact]
    public void The_page_is_what_the_table_says() =>
        Assert.Equal(CarrierReference.ToMarkdown().Trim(), File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "docs", "carriers.md")).Trim());

    [Fact]
    public void Every_name_of_a_form_is_its_own() =>
        Assert.Equal(CarrierTable.All.SelectMany(carrier => carrier.Forms).Select(form => form.Name).Distinct().Count(), CarrierTable.All.Sum(carrier => carrier.Forms.Count));
}
