namespace LibvirtAudit.Tests.Shell;

/// <summary>Commands, script files and standard input.</summary>
public sealed class ShellInputTests
{
    [Fact]
    public void The_words_of_a_command_are_joined_by_blanks() =>
        Assert.Equal("2\n", ShellProcess.Run("1", "+", "1").Output);

    [Fact]
    public void Lines_of_standard_input_are_the_elements_of_input()
    {
        const string Script = "$input | ForEach-Object { \"<$_>\" }";
        using var folder = new TemporaryFolder();

        Assert.Equal("<a>\n<ü>\n", ShellProcess.Run(new ShellStart(Script) { Input = "a\r\nü" }).Output);
        Assert.Equal("<a>\n<b>\n", ShellProcess.Run(new ShellStart("-File", folder.Write("script.ps1", Script)) { Input = "a\nb\n" }).Output);
    }

    [Fact]
    public void Records_come_from_piped_lines()
    {
        string line = File.ReadLines(Hosting.Repository.Data("qemu-enriched.log")).First(line => line.StartsWith("type=VIRT_CONTROL", StringComparison.Ordinal));

        ShellRun run = ShellProcess.Run(new ShellStart("($input | ConvertFrom-VirtAuditText).RecordType") { Input = line + "\n" });

        Assert.Equal(("VIRT_CONTROL\n", ""), (run.Output, run.Error));
    }

    [Fact]
    public void Standard_input_that_nobody_reads_does_not_hold_the_end_up()
    {
        using System.Diagnostics.Process process = ShellProcess.Start(new ShellStart("'done'"));

        Assert.Equal("done", ShellProcess.NextLine(process));
        ShellProcess.WaitForEnd(process);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void A_command_may_end_before_its_input_does()
    {
        using System.Diagnostics.Process process = ShellProcess.Start(new ShellStart("$null = $input; 'done'; exit 6"));
        process.StandardInput.WriteLine("first");
        process.StandardInput.Flush();

        Assert.Equal("done", ShellProcess.NextLine(process));
        ShellProcess.WaitForEnd(process);
        Assert.Equal(6, process.ExitCode);
    }

    [Fact]
    public void A_dash_runs_the_script_on_standard_input()
    {
        ShellRun run = ShellProcess.Run(new ShellStart("-") { Input = "if ($true) {\n  'inside'\n}\nexit 3\n" });

        Assert.Equal((3, "inside\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public void Arguments_reach_the_parameters_of_a_script_file()
    {
        using var folder = new TemporaryFolder();
        string script = folder.Write("with [brackets].ps1", "param([int] $Number, [switch] $Flag, [string[]] $Rest) \"$Number $Flag $Rest $($PSScriptRoot -eq '" + folder.Path + "')\"");

        Assert.Equal("3 True x y True\n", ShellProcess.Run("-File", script, "-Number", "3", "-Flag", "x y").Output);
        Assert.Equal("4 False z True\n", ShellProcess.Run("-File", script, "-Number:4", "-Flag:$false", "-Rest:", "z").Output);
    }

    [Fact]
    public void A_script_file_may_be_called_anything()
    {
        using var folder = new TemporaryFolder();
        string script = folder.Write("report", "#!/usr/bin/env -S virtaudit -File\n\"<$($args[0])>\"; exit 9");

        ShellRun run = ShellProcess.Run("-File", script, "first");

        Assert.Equal((9, "<first>\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public void A_script_file_that_cannot_be_read_is_said()
    {
        // Its first page is mapped for nobody: reading fails even for root.
        const string Unreadable = "/proc/self/mem";
        Assert.SkipUnless(File.Exists(Unreadable), $"needs {Unreadable}");

        ShellRun run = ShellProcess.Run("-File", Unreadable);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("virtaudit: the script cannot be read: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_paths_are_relative_to_the_caller()
    {
        using var folder = new TemporaryFolder();
        folder.Write("script.ps1", "$PWD.Path");

        Assert.Equal(folder.Path + "\n", ShellProcess.Run(new ShellStart("-File", "script.ps1") { Folder = folder.Path }).Output);
        Assert.Equal(folder.Path + "\n", ShellProcess.Run(new ShellStart("$PWD.Path") { Folder = folder.Path }).Output);
    }

    [Fact]
    public void A_question_that_nobody_can_answer_is_an_error()
    {
        ShellRun missing = ShellProcess.Run("function Get-It { param([Parameter(Mandatory)] $Name) $Name }; Get-It");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("mandatory parameters: Name", missing.Error, StringComparison.Ordinal);

        ShellRun unconfirmed = ShellProcess.Run("$ErrorActionPreference = 'Stop'; & { [CmdletBinding(SupportsShouldProcess)] param() if ($PSCmdlet.ShouldProcess('it')) { 'done' } } -Confirm");
        Assert.Equal(1, unconfirmed.ExitCode);
        Assert.DoesNotContain("done", unconfirmed.Output, StringComparison.Ordinal);
        Assert.Contains("nobody is there to answer", unconfirmed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_are_answered_from_standard_input()
    {
        const string Script = """
            function Set-It {
                [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param([Parameter(Mandatory)] $Name)
                if ($PSCmdlet.ShouldProcess($Name)) { "did $Name" }
            }
            Set-It
            Set-It -Name other
            """;

        string[] lines = ShellProcess.Run(new ShellStart(Script) { Input = "web\ny\nn\n" }).Output.Split('\n');

        Assert.Contains(lines, line => line.EndsWith("did web", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.EndsWith("did other", StringComparison.Ordinal));
    }
}
