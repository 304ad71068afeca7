using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>On a terminal: a pseudo-terminal made by script(1).</summary>
public sealed class ShellTerminalTests
{
    [Fact]
    public void Tables_and_errors_are_coloured()
    {
        string shown = OnTerminal("[pscustomobject]@{ Name = 1 }; Get-Command NoSuchCommand");

        Assert.Contains("\e[32;1mName", shown, StringComparison.Ordinal);
        Assert.Contains("\e[31;1m", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public void Colours_can_be_declined(string variable, string value) =>
        Assert.DoesNotContain('\e', OnTerminal("[pscustomobject]@{ Name = 1 }; Get-Command NoSuchCommand", $"{variable}={value}"));

    [Fact]
    public void The_terminals_own_state_is_left_as_it_was() =>
        Assert.Equal("1\r\n", OnTerminal("1"));

    [Fact]
    public void Tables_are_as_wide_as_the_terminal() =>
        Assert.Equal("77\r\n", OnTerminal("$Host.UI.RawUI.BufferSize.Width", "COLUMNS=50"));

    [Fact]
    public void A_stream_that_is_redirected_is_plain_while_the_other_is_coloured()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "file");

        string errors = OnTerminal("[pscustomobject]@{ Name = 1 }; Get-Command NoSuchCommand", redirection: $"> {file}");
        Assert.Contains('\e', errors);
        Assert.DoesNotContain('\e', File.ReadAllText(file));

        string table = OnTerminal("[pscustomobject]@{ Name = 1 }; Get-Command NoSuchCommand", redirection: $"2> {file}");
        Assert.Contains('\e', table);
        Assert.DoesNotContain('\e', File.ReadAllText(file));
    }

    [Fact]
    public void Progress_is_shown_on_a_terminal_and_gone_before_the_next_line()
    {
        const string Script = """
            & { [CmdletBinding()] param()
                foreach ($i in 1..3) {
                    [Threading.Thread]::Sleep(250)
                    $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Reading', "step $i"))
                }
                'end'
            }
            """;

        string shown = OnTerminal(Script);

        Assert.Contains("\r\e[KReading: step 2", shown, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[Kend\r\n", shown, StringComparison.Ordinal);
        Assert.Equal("end\n", ShellProcess.Run(Script).Output);
    }

    private static string OnTerminal(string command, string setting = "TERM=xterm", string redirection = "")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ProgramRun.Exists("script"), "needs script(1) of util-linux");
        var start = new ShellStart()
        {
            Launcher = ["/bin/sh", "-c", $"exec script -qec \"stty cols 77; exec $0 \\\"\\$COMMAND\\\" {redirection}\" /dev/null"],
            Environment = new Dictionary<string, string>
            {
                ["COMMAND"] = command,
                ["TERM"] = "xterm",
                [setting.Split('=')[0]] = setting.Split('=')[1],
            },
        };
        return ShellProcess.Run(start).Output;
    }
}
