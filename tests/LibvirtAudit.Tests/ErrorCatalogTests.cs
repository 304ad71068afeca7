using System.Management.Automation;
using System.Reflection;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>docs/errors.md, the ids of Core and the catalog of the module say the same.</summary>
public sealed class ErrorCatalogTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_failure_has_a_category_and_advice_and_a_row_in_the_documentation()
    {
        Assembly module = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "LibvirtAudit");
        Type ids = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "LibvirtAudit.Core").GetType("LibvirtAudit.Faults.FaultId", throwOnError: true)!;
        MethodInfo describe = module.GetType("LibvirtAudit.Errors.ErrorCatalog", throwOnError: true)!.GetMethod("Describe")!;
        Dictionary<string, string> rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2]);

        Assert.Equal(Enum.GetNames(ids).Order(), rows.Keys.Order());
        foreach (object id in Enum.GetValues(ids))
        {
            (ErrorCategory category, string advice) = ((ErrorCategory, string))describe.Invoke(null, [id])!;
            Assert.Equal(rows[id.ToString()!], category.ToString());
            Assert.NotEmpty(advice);
        }
    }
}
