using System.Diagnostics;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>libauparse, by its Python binding (Debian python3-audit), of many lines at a time.</summary>
internal static class Auparse
{
    private const string Python = "/usr/bin/python3";

    // It reads some ten thousand lines a second: one that stands still is killed, and answers too few.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled
    {
        get
        {
            if (!File.Exists(Python))
            {
                return false;
            }

            using Process python = Start("-c", "import auparse");
            python.StandardInput.Close();
            return python.WaitForExit(Longest) && python.ExitCode == 0;
        }
    }

    /// <summary>What it makes of each of <paramref name="lines"/>, which are UTF-8 without line feeds and NULs.</summary>
    public static List<TruthRecord?> Read(IReadOnlyList<byte[]> lines)
    {
        using Process python = Start(Path.Combine(AppContext.BaseDirectory, "Differential", "auparse_batch.py"));
        using var patience = new Timer(_ => python.Kill(), null, Longest, Timeout.InfiniteTimeSpan);
        Task writing = Task.Run(() =>
        {
            Stream input = python.StandardInput.BaseStream;
            foreach (byte[] line in lines)
            {
                input.Write(line);
                input.WriteByte((byte)'\n');
            }

            python.StandardInput.Close();
        });
        var records = new List<TruthRecord?>();
        while (python.StandardOutput.ReadLine() is string line)
        {
            records.Add(TruthRecord.Parse(line));
        }

        writing.Wait();
        python.WaitForExit();
        return records.Count == lines.Count ? records : throw new InvalidDataException($"libauparse answered {records.Count} of {lines.Count} lines, and ended with {python.ExitCode}");
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 })!;
}
