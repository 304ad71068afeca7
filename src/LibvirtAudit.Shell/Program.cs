using LibvirtAudit.Shell.Hosting;

namespace LibvirtAudit.Shell;

/// <summary>The command <c>virtaudit</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Globalization.AllowMissingIcu();
        var console = new ShellConsole();
        switch (CommandLine.Parse(arguments))
        {
            case CommandLine.Help:
                console.WriteOutput(UsageText.Full + Environment.NewLine);
                return ExitCode.Success;

            case CommandLine.Version:
                console.WriteOutput(UsageText.Version + Environment.NewLine);
                return ExitCode.Success;

            case CommandLine.Misused misused:
                console.WriteError($"virtaudit: {misused.Message}{Environment.NewLine}{UsageText.Short}{Environment.NewLine}");
                return ExitCode.Usage;

            case CommandLine.RunText command:
                return Run(console, session => session.RunText(command.Text, readsInput: true));

            case CommandLine.RunInput:
                string script = StandardInput.ReadToEnd();
                return Run(console, session => session.RunText(script, readsInput: false));

            case CommandLine.RunFile file:
                return RunFile(console, file);

            default:
                throw new InvalidOperationException("A kind of command line that nobody handles.");
        }
    }

    private static int RunFile(ShellConsole console, CommandLine.RunFile file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            console.WriteError($"virtaudit: the script cannot be read: {failure.Message}{Environment.NewLine}");
            return ExitCode.Failure;
        }

        return Run(console, session => session.RunFile(file.Path, text, file.Arguments));
    }

    private static int Run(ShellConsole console, Func<ShellSession, int> run)
    {
        try
        {
            using var session = new ShellSession(new ShellHost(console));
            using var interruption = new Interruption(session);
            return run(session);
        }
        catch (ShellStartException failure)
        {
            console.WriteError($"virtaudit: {failure.Message}{Environment.NewLine}");
            return ExitCode.CannotStart;
        }
    }
}
