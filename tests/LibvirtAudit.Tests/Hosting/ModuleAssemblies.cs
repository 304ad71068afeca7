using System.Reflection;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>The module's assemblies as the imported module loaded them, for tests that need types.</summary>
internal static class ModuleAssemblies
{
    /// <summary>bin/LibvirtAudit.dll. Import the module (<see cref="ModuleHost"/>) before.</summary>
    public static Assembly Module => Loaded("LibvirtAudit");

    /// <summary>bin/LibvirtAudit.Core.dll. Import the module (<see cref="ModuleHost"/>) before.</summary>
    public static Assembly Core => Module.GetReferencedAssemblies()
        .Where(name => name.Name == "LibvirtAudit.Core")
        .Select(Assembly.Load)
        .Single();

    private static Assembly Loaded(string name) =>
        Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == name);
}
