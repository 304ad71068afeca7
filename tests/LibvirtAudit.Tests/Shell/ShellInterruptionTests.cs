using System.Diagnostics;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>Ctrl-C, as the signal that a terminal sends.</summary>
public sealed class ShellInterruptionTests
{
    [Fact]
    public void The_pipeline_is_stopped_and_its_finally_blocks_run_as_in_pwsh()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends signals by the kill and env programs of Linux");
        Assert.Equal(Interrupted(Pwsh.Program, "-NoProfile", "-Command"), Interrupted(ShellProcess.Program));
    }

    private static (int ExitCode, string Trace) Interrupted(string program, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string trace = Path.Combine(folder.Path, "trace");
        string script = $"try {{ 'ready'; while ($true) {{ Start-Sleep -Milliseconds 5 }} }} finally {{ Set-Content '{trace}' cleaned }}";

        // A runner that was started in the background of a script ignores SIGINT, and its children inherit that.
        var start = new ShellStart([.. options, script]) { Executable = program, Launcher = ["env", "--default-signal=INT"] };
        using Process process = ShellProcess.Start(start);
        Assert.Equal("ready", ShellProcess.NextLine(process));
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Patience.EndOf(kill, "the program kill").GetAwaiter().GetResult();
        ShellProcess.WaitForEnd(process);
        Assert.Equal("cleaned\n", File.ReadAllText(trace));
        return (process.ExitCode, File.ReadAllText(trace));
    }
}
