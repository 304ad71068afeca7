namespace LibvirtAudit.Shell;

/// <summary>What the arguments of the program ask for.</summary>
internal abstract record CommandLine
{
    /// <summary>What the arguments ask for; wrong ones give <see cref="Misused"/>.</summary>
    public static CommandLine Parse(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            return new Misused("a command is missing.");
        }

        string first = arguments[0];
        string[] rest = arguments[1..];
        if (first == "-")
        {
            return ReadingInput(rest);
        }

        if (!first.StartsWith('-'))
        {
            return Command(arguments);
        }

        return first.ToUpperInvariant() switch
        {
            "-?" or "-H" or "-HELP" or "--HELP" => new Help(),
            "-V" or "-VERSION" or "--VERSION" => new Version(),
            "-C" or "-COMMAND" => rest switch
            {
                [] => new Misused($"{first} needs a command."),
                ["-", ..] => ReadingInput(rest[1..]),
                _ => Command(rest),
            },
            "-F" or "-FILE" => rest switch
            {
                [] => new Misused($"{first} needs the path of a script."),
                ["-", ..] => ReadingInput(rest[1..]),
                [string path, ..] when !System.IO.File.Exists(path) => new Misused($"there is no script file '{path}'."),
                [string path, .. var script] => new RunFile(System.IO.Path.GetFullPath(path), script),
            },
            _ => new Misused($"there is no option '{first}'."),
        };
    }

    // As pwsh does: the words of the command line, one blank between them. What must stay one word needs PowerShell's own quotes.
    private static RunText Command(string[] words) => new(string.Join(' ', words));

    private static CommandLine ReadingInput(string[] rest) =>
        rest.Length == 0 ? new RunInput() : new Misused("'-' takes no arguments.");

    /// <summary>The usage text was asked for.</summary>
    public sealed record Help : CommandLine;

    /// <summary>The version was asked for.</summary>
    public sealed record Version : CommandLine;

    /// <summary>The arguments make no sense; <paramref name="Message"/> says why.</summary>
    public sealed record Misused(string Message) : CommandLine;

    /// <summary>A command given as text.</summary>
    public sealed record RunText(string Text) : CommandLine;

    /// <summary>A script given on standard input.</summary>
    public sealed record RunInput : CommandLine;

    /// <summary>A script file, its full path, and the arguments for it.</summary>
    public sealed record RunFile(string Path, IReadOnlyList<string> Arguments) : CommandLine;
}
