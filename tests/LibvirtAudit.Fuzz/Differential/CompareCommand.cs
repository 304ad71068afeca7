using System.Globalization;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>Compares mutated lines in batches and tells which differences have which reason, and all that have none.</summary>
internal static class CompareCommand
{
    private const int Batch = 20_000;
    private const int MostShown = 20;

    public static int Run(int seed, int lines)
    {
        var comparison = new Comparison();
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int records = 0, differing = 0, unexplained = 0;
        for (int done = 0; done < lines; done += Batch)
        {
            List<byte[]> batch = MutatedLines.Of(unchecked(seed + done), Math.Min(Batch, lines - done));
            foreach ((byte[] line, TruthRecord? theirs) in batch.Zip(Auparse.Read(batch)))
            {
                List<Difference> differences = comparison.Compare(line, theirs);
                records += comparison.Found.Records.Count > 0 && theirs is not null ? 1 : 0;
                differing += differences.Count > 0 ? 1 : 0;
                foreach (Difference difference in differences)
                {
                    string? reason = KnownDifferences.Reason(line, difference, comparison, theirs);
                    if (reason is not null)
                    {
                        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                    }
                    else if (++unexplained <= MostShown)
                    {
                        Console.WriteLine(difference + "\n    " + ByteText.GetString(line));
                    }
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines:N0} mutated lines from seed {seed}: records for both {records:N0}, lines that differ {differing:N0}, differences without a known reason {unexplained:N0}"));
        foreach ((string reason, int count) in reasons)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,10:N0}  {reason}"));
        }

        return unexplained == 0 ? 0 : 1;
    }
}
