using System.Diagnostics;

namespace LibvirtAudit.Tests.Support;

/// <summary>What a program did.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, to both streams.</param>
internal sealed record ProgramRun(int ExitCode, string Output)
{
    /// <summary>Runs a program to its end, without a terminal and without input.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="longest">How long it may take; <see cref="Patience.LongestRun"/> where it is not said. It is killed then.</param>
    public static async Task<ProgramRun> Of(IReadOnlyList<string> command, Dictionary<string, string>? environment = null, TimeSpan? longest = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        string what = string.Join(' ', command);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string[]> output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Patience.EndOf(process, what, longest ?? Patience.LongestRun);

        // What it started may live on and hold its streams.
        return new ProgramRun(process.ExitCode, string.Concat(await output.Within("the output of " + what)));
    }

    /// <summary>Whether a program of that name is installed.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
