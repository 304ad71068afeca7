using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>The same command lines given to virtaudit and to a real pwsh.</summary>
public sealed class PwshSideBySideTests
{
    [Theory]
    [InlineData("exit -1")]
    [InlineData("exit 'abc'")]
    [InlineData("/bin/sh -c 'echo out; echo err >&2; exit 3'; $LASTEXITCODE; $?")]
    [InlineData("throw 'enough'")]
    [InlineData("throw [System.IO.IOException]::new('io')")]
    [InlineData("1 2")]
    [InlineData("trap { 't'; continue }; 1/0; 2")]
    [InlineData("$Host.SetShouldExit(4)")]
    [InlineData("Get-Command NoSuchCommand")]
    [InlineData("$ErrorView = 'NormalView'; throw 'x'")]
    [InlineData("function f { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteInformation('i', @()) }; f -Verbose -InformationAction Continue")]
    [InlineData("[pscustomobject]@{ A = 1; B = 'x' }; @{ a = 1 }; [version]'1.2'")]
    [InlineData("[pscustomobject]@{ A = 1 }; throw 3")]
    [InlineData("break; 1")]
    [InlineData("Get-Item /nowhere, / | Select-Object -ExpandProperty Name; [Console]::Error.WriteLine('raw')")]
    [InlineData("1..3 | ConvertTo-Json; Write-Error 'bad'; Write-Warning 'careful'; Write-Host 'host'")]
    [InlineData("$Host.UI.WriteErrorLine('e'); $Host.UI.WriteLine('o')")]
    public void A_command_does_what_it_does_in_pwsh(string command) => Compare("-Command", command);

    [Theory]
    [InlineData("exit 5")]
    [InlineData("/bin/false")]
    [InlineData("/bin/sh -c 'exit 6'; exit 0")]
    [InlineData("if ( {")]
    [InlineData("[CmdletBinding()] param()\n/bin/sh -c 'exit 6'\n$PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('we'), 'id', 0, $null))\n'x'")]
    [InlineData("\"$PSScriptRoot $PSCommandPath $($MyInvocation.MyCommand.Path)\"")]
    [InlineData("param([int] $n, [switch] $s, [string[]] $r) \"n=$n s=$s r=$r args=$args\"", "-n", "3", "-s", "rest")]
    [InlineData("param([int] $n, [switch] $s, [string[]] $r) \"n=$n s=$s r=$r args=$args\"", "-s:false", "-n:4")]
    [InlineData("param([int] $n, [switch] $s, [string[]] $r) \"n=$n s=$s r=$r args=$args\"", "-n:", "5", "-s:$true", "-r:x", "more")]
    [InlineData("param([int] $n) \"n=$n\"", "-n", "x")]
    [InlineData("param([int] $n) \"n=$n args=$args\"", "-bad", "x", "--", "-", "1:2")]
    [InlineData("$input | ForEach-Object { \"<$_>\" }")]
    public void A_script_file_does_what_it_does_in_pwsh(string script, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a script.ps1", script);

        Compare(["-File", path, .. arguments]);
    }

    [Theory]
    [InlineData("'typed'\nexit 7\n")]
    [InlineData("if ($true) {\n  'inside'\n}\n\nGet-Command NoSuchCommand\n")]
    public void A_script_on_standard_input_does_what_it_does_in_pwsh(string script) =>
        Compare(["-NonInteractive", "-Command", "-"], script);

    [Theory]
    [InlineData("-NoSuchOption")]
    [InlineData("-File", "no-such-script.ps1")]
    [InlineData("-Command")]
    public void Wrong_usage_ends_with_pwshs_exit_code(params string[] arguments)
    {
        int expected = ShellProcess.Run(Plain(["-NoProfile", .. arguments]) with { Executable = Pwsh.Program }).ExitCode;

        Assert.NotEqual(0, expected);
        Assert.Equal(expected, ShellProcess.Run(Plain(["-NoProfile", .. arguments])).ExitCode);
    }

    [Fact]
    public void A_first_word_that_is_no_option_is_a_command() =>
        Assert.Equal(new ShellRun(0, "2\n", ""), ShellProcess.Run("1", "+", "1"));

    private static void Compare(params string[] arguments) => Compare(arguments, "first\nsecond\n");

    private static void Compare(string[] arguments, string input)
    {
        ShellStart own = Plain(["-NoProfile", .. arguments]) with { Input = input };
        ShellStart pwsh = own with { Executable = Pwsh.Program };
        Task<ShellRun> expected = Task.Run(() => ShellProcess.Run(pwsh));
        ShellRun actual = ShellProcess.Run(own);

        Assert.Equal(expected.Within("pwsh", Patience.LongestRun * 2).GetAwaiter().GetResult(), actual);
    }

    // Where errors are not coloured by either.
    private static ShellStart Plain(string[] arguments) => new(arguments)
    {
        Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" },
    };
}
