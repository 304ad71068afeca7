using System.Diagnostics;
using System.Text;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Shell;

/// <summary>What a run of virtaudit left behind.</summary>
internal sealed record ShellRun(int ExitCode, string Output, string Error);

/// <summary>The built virtaudit, run as a child process.</summary>
internal static class ShellProcess
{
    // Far beyond what any run takes: it only ends a test that would hang for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
        return new ShellRun(process.ExitCode, output.Result, error.Result);
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
        // What the runner's own terminal says must not decide.
        foreach (string name in new[] { "COLUMNS", "NO_COLOR" })
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    /// <summary>Waits until the process has ended; one that doesn't is killed and fails the test.</summary>
    public static void WaitForEnd(Process process)
    {
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"virtaudit did not end within {Patience}.");
        }
    }
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
