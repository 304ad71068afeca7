using System.Globalization;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Targets;

namespace LibvirtAudit.Fuzz.Driving;

/// <summary>Fuzzing without libFuzzer: seeds, mutated by chance from a number, so that the same number gives the same inputs.</summary>
internal static class Generator
{
    /// <summary>Executes a target so many times; what was found wrong goes to <paramref name="found"/> with the seed that gives that very input.</summary>
    public static void Run(Func<FuzzTarget> make, int seed, long executions, Action<int, byte[], Exception> found)
    {
        FuzzTarget target = make();
        byte[][] seeds = [.. target.Seeds()];
        byte[][] words = [.. target.Words.Select(System.Text.Encoding.UTF8.GetBytes)];
        using var memory = new GuardedInput(target.LongestInput, null);
        for (long i = 0; i < executions; i++)
        {
            int number = unchecked(seed + (int)i);
            byte[] input = Mutation.Of(seeds, words, target.LongestInput, new Random(number));
            try
            {
                target.Run(memory.Place(input));
            }
            catch (Exception exception)
            {
                found(number, input, exception);

                // Its readers stopped in the middle of something.
                target = make();
            }
        }
    }

    /// <summary>Executes a target and tells on the console, as libFuzzer's run does.</summary>
    public static int RunAndTell(Func<FuzzTarget> make, string folder, long executions)
    {
        var findings = new Findings(Path.Combine(folder, "findings"));
        int seed = Environment.TickCount;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Run(make, seed, executions, (_, input, exception) => findings.Keep(input, exception));
        TimeSpan elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(folder)} | {executions:N0} | {elapsed.TotalSeconds:N0} s | {executions / elapsed.TotalSeconds:N0} | seed {seed} | – | {findings.Count} |"));
        return findings.Count == 0 ? 0 : 1;
    }
}
