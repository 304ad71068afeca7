using System.Management.Automation;
using System.Reflection;

namespace LibvirtAudit.Shell;

/// <summary>What the program says of itself.</summary>
internal static class UsageText
{
    /// <summary>The forms of the command line.</summary>
    public const string Short = """
        usage: virtaudit COMMAND...
               virtaudit -File SCRIPT [ARGUMENT...]
               virtaudit -
               virtaudit --help | --version
        """;

    /// <summary>The help text.</summary>
    public const string Full = Short + """


        Runs PowerShell commands with the LibvirtAudit module loaded, on machines without pwsh.

          COMMAND...       the words joined by blanks; quote the command to keep the shell's hands off it
          -File SCRIPT     run a script file; -Name VALUE, -Switch and -Switch:$false reach its parameters
          -                run the script on standard input
          -?, --help       this text
          --version        the versions of the tool and of the PowerShell engine

        Where the command or the script uses $input, the lines of standard input are its elements.
        The engine is here alone: commands of pwsh's own modules, such as Select-Object, are not.
        A table on a terminal is as wide as the terminal; elsewhere as wide as COLUMNS says, else wide enough not to be cut.
        Colours appear on terminals only, and not where NO_COLOR is set.

        Exit codes: 0 the last statement succeeded, 1 it failed or an error ended the run, N after exit N,
        64 wrong usage, 70 the engine did not start, 130 interrupted, 141 the reader of the output went away.

        Examples:
          virtaudit 'Get-VirtAuditRecord -VMName web01 -ResourceType disk'
          ausearch -m VIRT_CONTROL --raw | virtaudit '$input | ConvertFrom-VirtAuditText'
          virtaudit 'Get-Help Get-VirtAuditRecord -Examples'
        """;

    /// <summary>The versions of the tool and of the engine.</summary>
    public static string Version =>
        $"virtaudit {VersionOf(typeof(UsageText).Assembly)} (PowerShell engine {VersionOf(typeof(PSObject).Assembly)})";

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0] ?? "";
}
