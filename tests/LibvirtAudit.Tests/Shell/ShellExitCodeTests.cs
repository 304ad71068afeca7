namespace LibvirtAudit.Tests.Shell;

/// <summary>The exit codes, which are pwsh's: <see cref="PwshSideBySideTests"/> compares them where there is a pwsh.</summary>
public sealed class ShellExitCodeTests
{
    [Theory]
    [InlineData(0, "1")]
    [InlineData(0, "")]
    [InlineData(5, "exit 5")]
    [InlineData(8, "function Stop-Here { exit 8 }; Stop-Here; 1")]
    [InlineData(1, "throw 'enough'")]
    [InlineData(1, "Get-Command NoSuchCommand")]
    [InlineData(0, "Get-Command NoSuchCommand; 1")]
    [InlineData(1, "if (")]
    [InlineData(1, "$ErrorActionPreference = 'Stop'; Get-Command NoSuchCommand; 1")]
    [InlineData(3, "throw 'enough'; exit 4; trap { exit 3 }")]
    public void A_command_ends_with_pwshs_exit_code(int expected, string command) =>
        Assert.Equal(expected, ShellProcess.Run(command).ExitCode);

    [Theory]
    [InlineData(0, "1")]
    [InlineData(5, "exit 5")]
    [InlineData(7, "function Stop-Here { exit 7 }; Stop-Here; 1")]
    [InlineData(1, "throw 'enough'")]
    [InlineData(1, "if (")]
    [InlineData(1, "param([int] $Number) 1", "-Number", "x")]
    [InlineData(1, "#requires -Modules NoSuchModule\n1")]
    [InlineData(0, "Get-Command NoSuchCommand")]
    public void A_script_file_ends_with_pwshs_exit_code(int expected, string script, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(expected, ShellProcess.Run(["-File", folder.Write("script.ps1", script), .. arguments]).ExitCode);
    }

    [Fact]
    public void A_failed_program_is_not_an_exit_of_the_script()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the program false");
        using var folder = new TemporaryFolder();

        Assert.Equal(0, ShellProcess.Run("-File", folder.Write("script.ps1", "/bin/false")).ExitCode);
        Assert.Equal(1, ShellProcess.Run("/bin/false").ExitCode);
    }

    [Fact]
    public void Wrong_usage_is_explained_on_standard_error()
    {
        string[][] wrong = [[], ["-NoSuchOption"], ["-File"], ["-File", "no-such-script.ps1"], ["-Command"], ["-", "more"]];

        foreach (string[] arguments in wrong)
        {
            ShellRun run = ShellProcess.Run(arguments);

            Assert.Equal((64, ""), (run.ExitCode, run.Output));
            Assert.StartsWith("virtaudit: ", run.Error, StringComparison.Ordinal);
            Assert.Contains("usage: virtaudit", run.Error, StringComparison.Ordinal);
        }

        Assert.Contains("no-such-script.ps1", ShellProcess.Run("-File", "no-such-script.ps1").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-?")]
    public void Help_is_output(string option)
    {
        ShellRun run = ShellProcess.Run(option);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("usage: virtaudit", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_the_manifests_and_the_engines()
    {
        using var host = new Hosting.ModuleHost(importModule: false);
        string module = (string)host.Invoke("(Test-ModuleManifest ./LibvirtAudit.psd1).Version.ToString()").OutputOf<string>()[0];
        string engine = (string)host.Invoke("$PSVersionTable.PSVersion.ToString()").OutputOf<string>()[0];

        Assert.Equal($"virtaudit {module} (PowerShell engine {engine})\n", ShellProcess.Run("--version").Output);
    }
}
