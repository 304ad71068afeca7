using System.Runtime.InteropServices;

namespace LibvirtAudit.Shell;

/// <summary>Lets the program start on a machine without ICU.</summary>
internal static partial class Globalization
{
    /// <summary>
    /// Chooses .NET's invariant mode where the ICU libraries are missing, as on minimal servers and containers. Without
    /// it the runtime ends the process at the first use of a culture. It must be called before that first use.
    /// </summary>
    /// <remarks>
    /// The runtime's own loader is asked: what counts is what it finds, not what a package manager says.
    /// In invariant mode the culture is the invariant one, and a name such as <c>en-US</c> is accepted but means the same.
    /// </remarks>
    public static void AllowMissingIcu()
    {
        if (!OperatingSystem.IsLinux() || LoadIcu() != 0)
        {
            return;
        }

        AppContext.SetSwitch("System.Globalization.Invariant", isEnabled: true);

        // PowerShell makes cultures by name; the mode refuses that unless told otherwise.
        AppContext.SetSwitch("System.Globalization.PredefinedCulturesOnly", isEnabled: false);
    }

    [LibraryImport("libSystem.Globalization.Native", EntryPoint = "GlobalizationNative_LoadICU")]
    private static partial int LoadIcu();
}
