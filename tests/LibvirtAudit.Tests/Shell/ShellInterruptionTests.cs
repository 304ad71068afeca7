using System.Diagnostics;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>Ctrl-C, as the signal that a terminal sends.</summary>
public sealed class ShellInterruptionTests
{
    [Fact]
    public void The_first_stops_the_pipeline_and_its_finally_blocks_run()
    {
        using var folder = new TemporaryFolder();
        string trace = Path.Combine(folder.Path, "trace");
        using Process process = StartReady($"try {{ 'ready'; while ($true) {{ [Threading.Thread]::Sleep(5) }} }} finally {{ [IO.File]::WriteAllText('{trace}', 'cleaned') }}");

        Interrupt(process);
        ShellProcess.WaitForEnd(process);

        Assert.Equal(130, process.ExitCode);
        Assert.Equal("cleaned", File.ReadAllText(trace));
        Assert.Equal("", ShellProcess.Errors(process));
    }

    [Fact]
    public void The_second_ends_what_does_not_stop()
    {
        // A sleeping thread hears nothing of a stop.
        using Process process = StartReady("'ready'; [Threading.Thread]::Sleep(-1)");

        Interrupt(process);
        Assert.False(process.WaitForExit(TimeSpan.FromMilliseconds(500)), "The first ended it.");

        // Two that are not yet handled are one: on a busy machine the second may come too early.
        for (int i = 0; i < 60 && !process.WaitForExit(TimeSpan.FromSeconds(i == 0 ? 0 : 1)); i++)
        {
            Interrupt(process);
        }

        ShellProcess.WaitForEnd(process);

        const int EndedBySigint = 128 + 2;
        Assert.Equal(EndedBySigint, process.ExitCode);
    }

    [Fact]
    public void A_question_is_let_go_of()
    {
        using Process process = StartReady("'ready'; $Host.UI.ReadLine()");

        Interrupt(process);
        ShellProcess.WaitForEnd(process);

        Assert.Equal(130, process.ExitCode);
    }

    private static Process StartReady(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends signals by the kill and env programs of Linux");

        // A runner that was started in the background of a script ignores SIGINT, and its children inherit that.
        Process process = ShellProcess.Start(new ShellStart(script) { Launcher = ["env", "--default-signal=INT"] });
        Assert.Equal("ready", ShellProcess.NextLine(process));
        return process;
    }

    private static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Patience.EndOf(kill, "the program kill").GetAwaiter().GetResult();
    }
}
