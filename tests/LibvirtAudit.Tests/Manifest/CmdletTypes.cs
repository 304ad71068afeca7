using System.Management.Automation;
using System.Reflection;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Manifest;

/// <summary>The classes behind the cmdlets, by the cmdlets' names.</summary>
internal static class CmdletTypes
{
    /// <summary>All of them, in the order of their names. Import the module before.</summary>
    public static IReadOnlyDictionary<string, Type> All => ModuleAssemblies.Module.GetExportedTypes()
        .Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
        .ToDictionary(NameOf, StringComparer.Ordinal);

    private static string NameOf(Type type)
    {
        CmdletAttribute attribute = type.GetCustomAttribute<CmdletAttribute>()!;
        return $"{attribute.VerbName}-{attribute.NounName}";
    }
}
