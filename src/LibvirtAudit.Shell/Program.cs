using LibvirtAudit.Shell.Hosting;

namespace LibvirtAudit.Shell;

/// <summary>The command <c>virtaudit</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Globalization.AllowMissingIcu();
        return CommandLine.Parse(arguments) switch
        {
            CommandLine.Help => Print(UsageText.Full),
            CommandLine.Version => Print(UsageText.Version),
            CommandLine.Misused misused => Refuse(misused.Message),
            CommandLine.Run run => Execute(run),
            _ => throw new InvalidOperationException("A kind of command line that nobody handles."),
        };
    }

    private static int Execute(CommandLine.Run run)
    {
        var console = new ShellConsole();
        try
        {
            using var session = new ShellSession(new ShellHost(console));
            using Interruption interruption = new(session);
            console.OutputLost += session.Stop;
            return run switch
            {
                CommandLine.RunText command => session.RunText(command.Text, readsInput: true),
                CommandLine.RunInput => session.RunText(StandardInput.ReadToEnd(), readsInput: false),
                CommandLine.RunFile file => session.RunFile(file.Path, file.Arguments),
                _ => throw new InvalidOperationException("A kind of run that nobody handles."),
            };
        }
        catch (ShellStartException failure)
        {
            console.WriteError($"virtaudit: {failure.Message}{Environment.NewLine}");
            return ExitCode.CannotStart;
        }
    }

    private static int Print(string text)
    {
        new ShellConsole().WriteOutput(text + Environment.NewLine);
        return ExitCode.Success;
    }

    private static int Refuse(string message)
    {
        new ShellConsole().WriteError($"virtaudit: {message}{Environment.NewLine}{UsageText.Short}{Environment.NewLine}");
        return ExitCode.Usage;
    }
}
