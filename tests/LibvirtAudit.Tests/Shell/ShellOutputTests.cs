using System.Diagnostics;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Shell;

/// <summary>What goes to which stream, in what width and with which colours.</summary>
public sealed class ShellOutputTests
{
    private const string WideTable = "[pscustomobject]@{ Name = 'n' * 60; Text = 't' * 60 }";

    [Theory]
    [InlineData("'web01'", 5)]
    [InlineData("'名a'", 3)]
    [InlineData("\"e`u{301}\"", 1)]
    [InlineData("\"`u{1f600}\"", 2)]
    [InlineData("\"`e[31mred`e[0m\"", 3)]
    [InlineData("'abc名', 3", 2)]
    [InlineData("[char] '名'", 2)]
    public void Text_is_as_wide_as_a_terminal_shows_it(string text, int columns) =>
        Assert.Equal($"{columns}\n", ShellProcess.Run($"$Host.UI.RawUI.LengthInBufferCells({text})").Output.ReplaceLineEndings("\n"));

    [Fact]
    public void The_module_is_there_without_an_import()
    {
        ShellRun run = ShellProcess.Run("(Get-VirtAuditRecord tests/data/qemu-enriched.log -RecordType VIRT_CONTROL).Count; @(Get-Module).Name");

        // Counted in the capture: grep -c type=VIRT_CONTROL.
        int count = File.ReadLines(Repository.Data("qemu-enriched.log")).Count(line => line.StartsWith("type=VIRT_CONTROL", StringComparison.Ordinal));
        Assert.Equal($"{count}\nLibvirtAudit\n", run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_module_is_loaded_once_and_from_beside_the_program()
    {
        const string Script = "[AppDomain]::CurrentDomain.GetAssemblies().Location | Where-Object { [IO.Path]::GetFileName($_) -like 'LibvirtAudit*' }";
        string folder = Path.Combine(Path.GetDirectoryName(ShellProcess.Program)!, "Modules", "LibvirtAudit", "bin");

        Assert.Equal(
            [Path.Combine(folder, "LibvirtAudit.Core.dll"), Path.Combine(folder, "LibvirtAudit.dll")],
            ShellProcess.Run(Script).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Errors_go_to_standard_error_and_all_else_to_standard_output()
    {
        ShellRun run = ShellProcess.Run("""
            function Write-All {
                [CmdletBinding()] param()
                $PSCmdlet.WriteObject('object')
                $PSCmdlet.WriteWarning('careful')
                $PSCmdlet.WriteVerbose('at length')
                $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('failed'), 'Id', 'ReadError', $null))
            }
            Write-All -Verbose
            throw 'enough'
            """);

        Assert.Equal("object\nWARNING: careful\nVERBOSE: at length\n", run.Output);
        Assert.Matches(@"(?s)\bfailed\n.*\benough\n$", run.Error);
        Assert.DoesNotContain("careful", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_a_script_file_says_where()
    {
        using var folder = new TemporaryFolder();
        string script = folder.Write("script.ps1", "1\nthrow 'enough'");

        ShellRun run = ShellProcess.Run("-File", script);

        Assert.Equal("1\n", run.Output);
        Assert.Contains($"{script}:2", run.Error, StringComparison.Ordinal);
        Assert.Contains("enough", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_of_pwsh_that_is_not_here_gets_a_hint()
    {
        ShellRun run = ShellProcess.Run("1 | Select-Object -First 1; 1 | ft; 'after'");

        Assert.Equal("after\n", run.Output);
        Assert.Contains("'Select-Object' is a command of pwsh (module Microsoft.PowerShell.Utility)", run.Error, StringComparison.Ordinal);
        Assert.Contains("'Format-Table' is a command of pwsh", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_nobody_has_gets_the_usual_error()
    {
        ShellRun run = ShellProcess.Run("Select-Objekt");

        Assert.Contains("'Select-Objekt' is not recognized", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pwsh", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        string program = Path.GetDirectoryName(ShellProcess.Program)!;
        foreach (string file in Directory.EnumerateFiles(program, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(program, file);
            if (!relative.StartsWith("Modules", StringComparison.Ordinal))
            {
                string copy = Path.Combine(folder.Path, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        ShellRun run = ShellProcess.Run(new ShellStart("1") { Executable = Path.Combine(folder.Path, Path.GetFileName(ShellProcess.Program)) });

        Assert.Equal((70, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("virtaudit: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("LibvirtAudit.psd1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_there_by_both_names()
    {
        ShellRun run = ShellProcess.Run("help Get-VirtAuditRecord");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Get-VirtAuditRecord [", run.Output, StringComparison.Ordinal);
        Assert.Equal(run, ShellProcess.Run("Get-Help Get-VirtAuditRecord"));
    }

    [Fact]
    public void Modules_of_another_PowerShell_are_left_alone()
    {
        using var folder = new TemporaryFolder();
        string engine = Directory.CreateDirectory(Path.Combine(folder.Path, "engine", "Microsoft.PowerShell.Utility")).Parent!.FullName;
        string own = Directory.CreateDirectory(Path.Combine(folder.Path, "own")).FullName;
        var start = new ShellStart("$env:PSModulePath")
        {
            Environment = new Dictionary<string, string> { ["PSModulePath"] = string.Join(Path.PathSeparator, engine, own) },
        };

        string[] path = ShellProcess.Run(start).Output.TrimEnd('\n').Split(Path.PathSeparator);

        Assert.Contains(own, path);
        Assert.DoesNotContain(engine, path);
    }

    [Fact]
    public void Redirected_tables_are_not_cut_and_COLUMNS_decides_where_it_is_set()
    {
        Assert.Contains(new string('t', 60), ShellProcess.Run(WideTable).Output, StringComparison.Ordinal);

        var narrow = new ShellStart(WideTable) { Environment = new Dictionary<string, string> { ["COLUMNS"] = "70" } };
        Assert.All(ShellProcess.Run(narrow).Output.Split('\n'), line => Assert.InRange(line.Length, 0, 70));
    }

    [Fact]
    public void Redirected_streams_are_free_of_escape_sequences()
    {
        ShellRun run = ShellProcess.Run(WideTable + "; \"`e[31mred`e[0m\"; Get-Command NoSuchCommand");

        Assert.DoesNotContain('\e', run.Output + run.Error);
        Assert.Contains("red\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_insists_on_escape_sequences_gets_them() =>
        Assert.Equal("\e[31mred\e[0m\n", ShellProcess.Run("$PSStyle.OutputRendering = 'Ansi'; \"`e[31mred`e[0m\"").Output);

    [Fact]
    public void A_reader_that_goes_away_ends_the_run()
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
    public void A_full_disk_is_said()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        ShellRun run = ShellProcess.Run(new ShellStart("while ($true) { 'line' }") { Launcher = ["/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"] });

        Assert.Equal((1, "virtaudit: the output cannot be written: No space left on device\n"), (run.ExitCode, run.Error));
    }
}
