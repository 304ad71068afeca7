using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Manifest;

/// <summary>LibvirtAudit.psd1 says what the module is, and nothing that it isn't.</summary>
public sealed class ManifestTests : IDisposable
{
    private static readonly Hashtable Data = Read(Repository.Manifest);

    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void PowerShell_finds_nothing_wrong_with_it()
    {
        var module = (PSModuleInfo)_host.Invoke("Test-ModuleManifest -Path ./LibvirtAudit.psd1").ThrowOnError().Output.Single().BaseObject;

        Assert.Equal("LibvirtAudit", module.Name);
        Assert.Equal(new Version(7, 6), module.PowerShellVersion);
        Assert.NotEmpty(module.Description);
        Assert.NotEmpty(module.Author);
        Assert.NotEqual(Guid.Empty, module.Guid);
    }

    [Fact]
    public void It_exports_the_cmdlets_that_there_are()
    {
        Assert.NotEmpty(CmdletTypes.All);
        Assert.Equal(CmdletTypes.All.Keys.Order(StringComparer.Ordinal), Names("CmdletsToExport"));
        Assert.Equal(
            CmdletTypes.All.Keys.Order(StringComparer.Ordinal),
            _host.Invoke("(Get-Command -Module LibvirtAudit).Name").ThrowOnError().OutputOf<string>().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("AliasesToExport")]
    [InlineData("VariablesToExport")]
    public void It_exports_nothing_else_and_says_so(string entry)
    {
        Assert.True(Data.ContainsKey(entry), $"{entry} is left open");
        Assert.Empty(Names(entry));
    }

    [Fact]
    public void The_files_that_it_names_are_there()
    {
        IEnumerable<string> files = Names("TypesToProcess").Concat(Names("FormatsToProcess")).Append((string)Data["RootModule"]!);

        Assert.All(files, file => Assert.True(File.Exists(Repository.PathOf(file)), file));
    }

    [Fact]
    public void The_assemblies_carry_its_version()
    {
        Version version = Version.Parse((string)Data["ModuleVersion"]!);

        foreach (System.Reflection.Assembly assembly in new[] { ModuleAssemblies.Module, ModuleAssemblies.Core })
        {
            Version actual = assembly.GetName().Version!;
            Assert.Equal(version, new Version(actual.Major, actual.Minor, actual.Build));
        }
    }

    private static IEnumerable<string> Names(string entry) =>
        Data[entry] switch
        {
            object[] many => many.Cast<string>().Order(StringComparer.Ordinal),
            string one => [one],
            _ => [],
        };

    private static Hashtable Read(string path)
    {
        ScriptBlockAst script = Parser.ParseFile(path, out _, out ParseError[] errors);
        Assert.Empty(errors);
        return (Hashtable)script.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)!.SafeGetValue();
    }
}
