using System.Diagnostics;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>What virtaudit adds to PowerShell's own host; what it shares with it is compared in <see cref="PwshSideBySideTests"/>.</summary>
public sealed class ShellTests
{
    private const string TableAndError = "[pscustomobject]@{ Name = 1 }; Get-Command NoSuchCommand";

    [Fact]
    public void The_module_is_there_without_an_import()
    {
        ShellRun run = ShellProcess.Run("(Get-VirtAuditRecord tests/data/qemu-enriched.log -RecordType VIRT_CONTROL).Count; (Get-Module LibvirtAudit).ModuleBase");

        // Counted in the capture: grep -c type=VIRT_CONTROL.
        int count = File.ReadLines(Repository.Data("qemu-enriched.log")).Count(line => line.StartsWith("type=VIRT_CONTROL", StringComparison.Ordinal));
        Assert.Equal($"{count}\n{Path.Combine(Path.GetDirectoryName(ShellProcess.Program)!, "Modules", "LibvirtAudit")}\n", run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_commands_of_PowerShells_own_modules_are_there()
    {
        ShellRun run = ShellProcess.Run("Get-VirtAuditSession tests/data/qemu-enriched.log | Group-Object State | Sort-Object Count | Select-Object Name, Count -First 1 | ConvertTo-Json -Compress");

        Assert.Equal(("{\"Name\":\"Crashed\",\"Count\":1}\n", ""), (run.Output, run.Error));
    }

    [Fact]
    public void A_module_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        ShellProcess.CopyProgram(folder.Path, leaveOut: "Modules");

        ShellRun run = ShellProcess.Run(new ShellStart("1") { Executable = Path.Combine(folder.Path, Path.GetFileName(ShellProcess.Program)) });

        Assert.Equal((70, ""), (run.ExitCode, run.Output));
        Assert.Contains("LibvirtAudit.psd1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_the_manifests_and_PowerShells()
    {
        using var host = new ModuleHost(importModule: false);
        string module = host.Invoke("(Test-ModuleManifest ./LibvirtAudit.psd1).Version.ToString()").OutputOf<string>()[0];
        string engine = host.Invoke("$PSVersionTable.PSVersion.ToString()").OutputOf<string>()[0];

        Assert.Equal($"virtaudit {module} (PowerShell {engine})\n", ShellProcess.Run("--version").Output);
    }

    [Fact]
    public void Help_shows_how_it_is_called() =>
        Assert.Contains("usage: virtaudit", ShellProcess.Run("--help").Output, StringComparison.Ordinal);

    [Fact]
    public void Redirected_streams_are_free_of_escape_sequences_unless_a_script_insists()
    {
        ShellRun run = ShellProcess.Run(TableAndError);

        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain('\e', run.Output + run.Error);
        Assert.Equal("\e[31mred\e[0m\n", ShellProcess.Run("$PSStyle.OutputRendering = 'Ansi'; \"`e[31mred`e[0m\"").Output);
    }

    [Theory]
    [InlineData(true, "TERM=xterm", "")]
    [InlineData(false, "NO_COLOR=1", "")]
    [InlineData(false, "TERM=dumb", "")]
    [InlineData(false, "TERM=xterm", "> /dev/null")]
    [InlineData(false, "TERM=xterm", "2> /dev/null")]
    public void Colours_appear_where_both_streams_go_to_a_terminal_that_has_them(bool coloured, string setting, string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ProgramRun.Exists("script"), "needs script(1) of util-linux");
        var start = new ShellStart()
        {
            Launcher = ["/bin/sh", "-c", $"exec script -qec \"exec $0 \\\"\\$COMMAND\\\" {redirection}\" /dev/null"],
            Environment = new Dictionary<string, string> { ["COMMAND"] = TableAndError, ["TERM"] = "xterm", [setting.Split('=')[0]] = setting.Split('=')[1] },
        };

        string shown = ShellProcess.Run(start).Output;

        Assert.NotEmpty(shown);
        Assert.Equal(coloured, shown.Contains("\e[31;1m", StringComparison.Ordinal));
        Assert.Equal(coloured, shown.Contains("\e[32;1m", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reader_that_goes_away_ends_the_run_without_a_word()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a broken pipe has no number of its own there");
        using Process process = ShellProcess.Start(new ShellStart("while ($true) { 'line' }"));
        Assert.Equal("line", ShellProcess.NextLine(process));

        process.StandardOutput.Close();
        ShellProcess.WaitForEnd(process);

        Assert.Equal(141, process.ExitCode);
        Assert.Equal("", ShellProcess.Errors(process));
    }

    [Fact]
    public void A_program_that_ends_before_its_input_does_is_no_such_reader()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the program head");
        Assert.Equal("1\nafter\n", ShellProcess.Run("1..100000 | head -n 1; 'after'").Output);
    }
}
