using System.Management.Automation;
using System.Reflection;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Takes <c>-OutBuffer</c> from a cmdlet that has to know what was taken: PowerShell keeps so many objects to itself before it hands them on,
/// and drops them where the pipeline ends early. It has no public way to switch that off.
/// </summary>
internal static class OutputBuffer
{
    private const string Size = "OutBuffer";

    /// <summary>Has each object handed on when it is written.</summary>
    /// <exception cref="PSInvalidOperationException">The engine does not let it; <c>-OutBuffer</c> has to be left out.</exception>
    public static void Disable(PSCmdlet cmdlet)
    {
        if (!cmdlet.MyInvocation.BoundParameters.ContainsKey(Size))
        {
            return;
        }

        PropertyInfo size = cmdlet.CommandRuntime.GetType().GetProperty(Size, BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new PSInvalidOperationException("-OutBuffer can't be used with -Bookmark: what it keeps back would count as read.");
        size.SetValue(cmdlet.CommandRuntime, 0);
    }
}
