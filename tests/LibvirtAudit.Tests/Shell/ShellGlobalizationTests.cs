using System.Diagnostics;

namespace LibvirtAudit.Tests.Shell;

/// <summary>A machine without ICU, as a mount namespace in which the libraries are empty.</summary>
public sealed class ShellGlobalizationTests
{
    [Fact]
    public void The_shell_starts_without_ICU()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root on Linux, to hide the ICU libraries in a mount namespace");
        using Process probe = Process.Start(new ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
        ShellProcess.WaitForEnd(probe);
        Assert.SkipUnless(probe.ExitCode == 0, "needs the right to make a mount namespace");
        using var folder = new TemporaryFolder();
        string hideIcu = folder.Write("hide-icu", """
            for file in $(/sbin/ldconfig -p | sed -n 's/.*libicu.* => //p' | xargs -r -n1 readlink -f | sort -u); do
                mount --bind /dev/null "$file" || exit 99
            done
            exec "$@"
            """);
        var start = new ShellStart("$on = $false; $null = [AppContext]::TryGetSwitch('System.Globalization.Invariant', [ref] $on); $on; [cultureinfo]::new('en-US').Name; 'ä' -eq 'Ä'; throw 'shown'")
        {
            Launcher = ["unshare", "-m", "/bin/sh", hideIcu],
        };

        ShellRun run = ShellProcess.Run(start);

        Assert.Equal((1, "True\nen-US\nTrue\n"), (run.ExitCode, run.Output));
        Assert.Equal("Exception: shown\n", run.Error);
    }
}
