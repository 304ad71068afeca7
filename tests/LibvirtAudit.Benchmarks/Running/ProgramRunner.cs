using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibvirtAudit.Benchmarks.Running;

/// <summary>Runs programs of the system's, with their output in files: <c>grep</c> stops at the first hit when it writes to the null device.</summary>
internal static class ProgramRunner
{
    /// <summary>The path of a program, given by its name or path; null where it is not installed.</summary>
    public static string? Find(string program) => Path.IsPathRooted(program) ? program :
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">The program's path and its arguments.</param>
    /// <param name="output">The file that gets its output.</param>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="ContenderFailedException">It took longer, or ended with an exit code above 1 (1 is <c>grep</c>'s word for nothing found).</exception>
    public static Measurement Run(IReadOnlyList<string> command, string output, TimeSpan limit)
    {
        // The shell puts the output in place and is then replaced by the program.
        string?[] arguments = ["sh", "-c", "exec \"$@\" > \"$0\" 2> \"$0.err\" < /dev/null", output, .. command, null];
        long start = Stopwatch.GetTimestamp();
        int error = Libc.posix_spawn(out int process, "/bin/sh", 0, 0, arguments, GetEnvironment());
        if (error != 0)
        {
            throw new Win32Exception(error);
        }

        using var watch = new MemoryWatch(process, limit);
        ResourceUsage usage = Wait(process, out int exitCode);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long peak = watch.Stop();
        return watch.HasEnded ? throw new ContenderFailedException($"more than {limit.TotalSeconds} s")
            : exitCode > 1 ? throw new ContenderFailedException($"exit code {exitCode}: {File.ReadLines(output + ".err").FirstOrDefault()}")
            : new Measurement(seconds, usage.Seconds, peak, null);
    }

    private static ResourceUsage Wait(int process, out int exitCode)
    {
        int status;
        ResourceUsage usage;
        while (Libc.wait4(process, out status, 0, out usage) < 0)
        {
            const int Interrupted = 4;
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }

        exitCode = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
        return usage;
    }

    // The same bytes on every machine: no locale, no time zone, and nothing reported to the makers of pwsh.
    private static string?[] GetEnvironment()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        variables["LC_ALL"] = "C";
        variables["TZ"] = "UTC";
        variables["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        variables["POWERSHELL_UPDATECHECK"] = "Off";
        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}"), null];
    }
}
