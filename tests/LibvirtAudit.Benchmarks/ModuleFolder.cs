using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace LibvirtAudit.Benchmarks;

/// <summary>The repository that is measured, and its module as a user loads it.</summary>
internal static class ModuleFolder
{
    /// <summary>The repository's root: the nearest folder above the program that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The module's manifest.</summary>
    public static string Manifest => Path.Combine(Root, "LibvirtAudit.psd1");

    /// <summary>A capture of a real host, for the events between libvirt's.</summary>
    public static string Capture => Path.Combine(Root, "tests", "data", "qemu-enriched.log");

    /// <summary>Lets this program find LibvirtAudit.Core where the module does: in bin/. To be called before anything of it is used.</summary>
    public static void Resolve() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "LibvirtAudit.Core" ? context.LoadFromAssemblyPath(Path.Combine(Root, "bin", "LibvirtAudit.Core.dll")) : null;

    /// <summary>Refuses to measure what was compiled for debugging.</summary>
    /// <exception cref="InvalidOperationException">bin/ holds a debug build.</exception>
    public static void RequireRelease()
    {
        Assembly core = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName("LibvirtAudit.Core"));
        if (core.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            throw new InvalidOperationException($"{core.Location} is a debug build: run with -c Release.");
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LibvirtAudit.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no LibvirtAudit.sln above " + AppContext.BaseDirectory);
    }
}
