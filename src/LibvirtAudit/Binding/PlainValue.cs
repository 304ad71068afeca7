using System.Management.Automation;

namespace LibvirtAudit.Binding;

/// <summary>What PowerShell wraps, by itself.</summary>
internal static class PlainValue
{
    public static object? Of(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
