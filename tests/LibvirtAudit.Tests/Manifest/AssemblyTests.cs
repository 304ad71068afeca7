using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Shell;

namespace LibvirtAudit.Tests.Manifest;

/// <summary>What the module's assemblies may lean on, read from their metadata.</summary>
public sealed class AssemblyTests
{
    [Theory]
    [InlineData("LibvirtAudit.dll")]
    [InlineData("LibvirtAudit.Core.dll")]
    public void The_module_does_not_use_the_console(string assembly) =>
        Assert.DoesNotContain("System.Console", TypesUsedBy(Repository.PathOf($"bin/{assembly}")));

    [Fact]
    public void A_use_of_the_console_would_be_found() =>
        Assert.Contains("System.Console", TypesUsedBy(Path.ChangeExtension(ShellProcess.Program, ".dll")));

    [Fact]
    public void Core_knows_nothing_of_PowerShell()
    {
        Assert.DoesNotContain("System.Management.Automation", AssembliesUsedBy(Repository.PathOf("bin/LibvirtAudit.Core.dll")));
        Assert.Contains("System.Management.Automation", AssembliesUsedBy(Repository.PathOf("bin/LibvirtAudit.dll")));
    }

    [Fact]
    public void The_module_brings_no_assembly_but_its_own()
    {
        string[] own = ["LibvirtAudit.Core.dll", "LibvirtAudit.dll"];

        Assert.Equal(own, Directory.GetFiles(Repository.PathOf("bin"), "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(own, assembly => Assert.All(
            AssembliesUsedBy(Repository.PathOf($"bin/{assembly}")),
            used => Assert.True(
                used is "System.Management.Automation" or "LibvirtAudit.Core" || IsOfTheRuntime(used),
                $"{assembly} needs {used}")));
    }

    private static bool IsOfTheRuntime(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, assembly + ".dll"));

    private static HashSet<string> TypesUsedBy(string path) => Read(path, metadata => metadata.TypeReferences
        .Select(handle => metadata.GetTypeReference(handle))
        .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"));

    private static HashSet<string> AssembliesUsedBy(string path) => Read(path, metadata => metadata.AssemblyReferences
        .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)));

    private static HashSet<string> Read(string path, Func<MetadataReader, IEnumerable<string>> names)
    {
        using var file = new PEReader(File.OpenRead(path));
        return [.. names(file.GetMetadataReader())];
    }
}
