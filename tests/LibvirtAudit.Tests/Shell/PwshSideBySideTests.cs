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

    [Fact]
    public void Every_command_of_pwshs_utility_and_management_modules_gets_the_hint()
    {
        string names = ShellProcess.Run(Pwsh("-Command", "(Get-Command -Module Microsoft.PowerShell.Utility, Microsoft.PowerShell.Management).Name")).Output;
        string[] expected = names.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("Select-Object", expected);

        string list = string.Join(',', expected.Select(name => $"'{name}'"));
        ShellRun run = ShellProcess.Run($"foreach ($name in {list}) {{ try {{ & $name }} catch {{ if ($_.FullyQualifiedErrorId -like 'PwshOnlyCommand,*') {{ $name }} }} }}");

        Assert.Equal(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Compare(params string[] arguments)
    {
        ShellStart pwsh = Pwsh(arguments);
        Task<ShellRun> expected = Task.Run(() => ShellProcess.Run(pwsh));
        ShellRun actual = ShellProcess.Run(Plain(arguments));

        Assert.Equal(expected.Within("pwsh", Patience.LongestRun * 2).GetAwaiter().GetResult(), actual);
    }

    // pwsh with a redirected stream is 80 columns wide and colours errors all the same.
    private static ShellStart Plain(string[] arguments) => new(arguments)
    {
        Input = "first\nsecond\n",
        Environment = new Dictionary<string, string> { ["COLUMNS"] = "80", ["NO_COLOR"] = "1" },
    };

    private static ShellStart Pwsh(params string[] arguments)
    {
        Assert.SkipUnless(ProgramRun.Exists("pwsh"), "no pwsh on this machine");
        return Plain(["-NoProfile", .. arguments]) with { Executable = "pwsh" };
    }
}
