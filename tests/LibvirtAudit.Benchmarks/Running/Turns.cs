namespace LibvirtAudit.Benchmarks.Running;

/// <summary>Runs contenders in turns, so that what else goes on in the machine hits all alike, and checks what they counted.</summary>
internal static class Turns
{
    /// <summary>What takes longer than this is run only once: its time is not near anything.</summary>
    private const double LongSeconds = 20;

    /// <summary>What is run in one process is run for so long before it counts: of a short log even five runs leave code that is not compiled for good.</summary>
    private const double WarmSeconds = 2;

    /// <summary>Runs each so many times, after its runs to warm up, and ends all.</summary>
    /// <exception cref="ContenderFailedException">One of ours failed, or counted something else than is in the log.</exception>
    public static IReadOnlyList<Outcome> Run(IReadOnlyList<Contender> contenders, int repeat)
    {
        var runs = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        var failures = contenders.Where(contender => contender.Missing is not null).ToDictionary(contender => contender, contender => contender.Missing!);
        var slow = new HashSet<Contender>();
        try
        {
            foreach (Contender contender in contenders.Where(contender => contender.Missing is null))
            {
                Console.Error.WriteLine($"  {contender.Name}");
                Try(contender, failures, () => WarmUp(contender, runs[contender], slow));
            }

            for (int round = 0; round < repeat; round++)
            {
                foreach (Contender contender in contenders.Where(contender => !failures.ContainsKey(contender) && !slow.Contains(contender)))
                {
                    Try(contender, failures, () => runs[contender].Add(contender.RunChecked()));
                }
            }
        }
        finally
        {
            foreach (Contender contender in contenders)
            {
                contender.Dispose();
            }
        }

        return [.. contenders.Select(contender => new Outcome(contender, runs[contender], failures.GetValueOrDefault(contender)))];
    }

    private static void Try(Contender contender, Dictionary<Contender, string> failures, Action run)
    {
        try
        {
            run();
        }
        catch (ContenderFailedException e) when (!contender.IsOurs)
        {
            failures.Add(contender, e.Message);
        }
    }

    private static void WarmUp(Contender contender, List<Measurement> runs, HashSet<Contender> slow)
    {
        double spent = 0;
        for (int i = 0; i < contender.WarmUps || (contender.WarmUps > 1 && spent < WarmSeconds); i++)
        {
            Measurement first = contender.RunChecked();
            spent += first.Seconds;
            if (first.Seconds > LongSeconds)
            {
                runs.Add(first);
                slow.Add(contender);
                return;
            }
        }
    }
}
