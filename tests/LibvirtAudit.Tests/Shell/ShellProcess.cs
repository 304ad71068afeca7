using System.Diagnostics;
using System.Text;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Shell;

/// <summary>What a run of virtaudit left behind.</summary>
internal sealed record ShellRun(int ExitCode, string Output, string Error);

/// <summary>The built virtaudit, run as a child process.</summary>
internal static class ShellProcess
{
    /// <summary>The program, of the configuration that the tests were built in.</summary>
    public static string Program { get; } = Path.Combine(
        Repository.PathOf("src/LibvirtAudit.Shell/bin"),
        new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
        new DirectoryInfo(AppContext.BaseDirectory).Name,
        OperatingSystem.IsWindows() ? "virtaudit.exe" : "virtaudit");

    /// <summary>Runs virtaudit with these arguments and nothing on standard input.</summary>
    public static ShellRun Run(params string[] arguments) => Run(new ShellStart(arguments));

    /// <summary>Runs virtaudit to its end.</summary>
    public static ShellRun Run(ShellStart start)
    {
        using Process process = Start(start);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (start.Input is not null)
        {
            process.StandardInput.Write(start.Input);
        }

        process.StandardInput.Close();
        WaitForEnd(process);
        string[] texts = Task.WhenAll(output, error).Within("the output of virtaudit").GetAwaiter().GetResult();
        return new ShellRun(process.ExitCode, texts[0], texts[1]);
    }

    /// <summary>Starts virtaudit, its streams in the caller's hands.</summary>
    public static Process Start(ShellStart start)
    {
        string[] words = [.. start.Launcher, start.Executable, .. start.Arguments];
        var info = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = start.Folder ?? Repository.Root,
        };
        // What the runner's own terminal and sessions say must not decide.
        foreach (string name in new[] { "COLUMNS", "NO_COLOR", "PSModulePath" })
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    /// <summary>Copies the program with all that it needs, but for one folder.</summary>
    public static void CopyProgram(string target, string leaveOut)
    {
        string program = Path.GetDirectoryName(Program)!;
        foreach (string file in Directory.EnumerateFiles(program, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(program, file);
            if (!relative.StartsWith(leaveOut, StringComparison.Ordinal))
            {
                string copy = Path.Combine(target, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    /// <summary>Waits until the process has ended; one that doesn't is killed and fails the test.</summary>
    public static void WaitForEnd(Process process) =>
        Patience.EndOf(process, "the end of virtaudit", Patience.LongestRun).GetAwaiter().GetResult();

    /// <summary>The next line that the process writes to its output.</summary>
    public static string? NextLine(Process process) =>
        process.StandardOutput.ReadLineAsync().Within("a line of virtaudit's", Patience.LongestRun).GetAwaiter().GetResult();

    /// <summary>What an ended process wrote to its errors.</summary>
    public static string Errors(Process process) =>
        process.StandardError.ReadToEndAsync().Within("the errors of virtaudit").GetAwaiter().GetResult();
}

/// <summary>How virtaudit is started.</summary>
internal sealed record ShellStart(params IReadOnlyList<string> Arguments)
{
    /// <summary>The program: virtaudit, or one that it is compared with.</summary>
    public string Executable { get; init; } = ShellProcess.Program;

    /// <summary>What comes on standard input; null for nothing.</summary>
    public string? Input { get; init; }

    /// <summary>The current folder; null for the repository's root.</summary>
    public string? Folder { get; init; }

    /// <summary>Environment variables on top of the runner's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program, with its arguments, that starts virtaudit in its turn.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];
}
