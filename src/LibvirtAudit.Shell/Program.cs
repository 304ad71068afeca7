using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

namespace LibvirtAudit.Shell;

/// <summary>The command <c>virtaudit</c>: PowerShell's own host with the module in its session.</summary>
internal static class Program
{
    /// <summary>pwsh's exit code for it, EX_SOFTWARE of sysexits.h.</summary>
    private const int CannotStart = 70;

    private const string Usage = """
        usage: virtaudit                                 a prompt
               virtaudit COMMAND...                      the words, joined by blanks, as one command
               virtaudit -File SCRIPT [ARGUMENT...]
               virtaudit [OPTION...]                     as pwsh: -NoProfile, -NonInteractive, -OutputFormat, ...
               virtaudit --version

        This is PowerShell with the module LibvirtAudit loaded. Quote a command, or the shell takes its $ and its pipes.
        Where a command uses $input, the lines of standard input are its elements.

          virtaudit 'Get-VirtAuditRecord -VMName web01 -ResourceType disk'
          virtaudit 'Get-VirtAuditSession | Group-Object State | Sort-Object Count'
          ausearch -m VIRT_CONTROL --raw | virtaudit '$input | ConvertFrom-VirtAuditText'
          virtaudit 'Get-Help Get-VirtAuditRecord -Examples'

        """;

    private static string Version =>
        $"virtaudit {VersionOf(typeof(Program).Assembly)} (PowerShell {VersionOf(typeof(PSObject).Assembly)})";

    private static int Main(string[] arguments)
    {
        if (arguments is ["--version"])
        {
            Console.WriteLine(Version);
            return 0;
        }

        Globalization.AllowMissingIcu();
        string manifest = Path.Combine(AppContext.BaseDirectory, "Modules", "LibvirtAudit", "LibvirtAudit.psd1");
        if (!File.Exists(manifest))
        {
            // PowerShell would go on without it.
            Console.Error.WriteLine($"virtaudit: the module is not there: {manifest}");
            return CannotStart;
        }

        // Nothing is reported to anybody, and no release is asked for.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");
        if (Console.IsOutputRedirected || Console.IsErrorRedirected)
        {
            // pwsh colours errors also where they go to a file.
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }

        OutputPipe.Use();
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([manifest]);
        return ConsoleShell.Start(state, Version, Usage, IsCommand(arguments) ? ["-Command", .. arguments] : arguments);
    }

    // pwsh takes a first word that is no option for the path of a script.
    private static bool IsCommand(string[] arguments) =>
        arguments is [string first, ..] && !first.StartsWith('-') && first != "/?";

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0] ?? "";
}
