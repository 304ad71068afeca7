using LibvirtAudit.Faults;

namespace LibvirtAudit.Soak;

/// <summary>Checks that records, which are numbered, come once and in order.</summary>
internal sealed class Ledger(string name)
{
    private const int MostProblems = 20;
    private readonly List<string> _problems = [];
    private bool _mayRepeat;

    /// <summary>The number of the last record that came.</summary>
    public long Last { get; private set; }

    /// <summary>How many came.</summary>
    public long Count { get; private set; }

    /// <summary>What was wrong; the first of it.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Goes on behind a record. After a run that was killed a bookmark gives the last ones again.</summary>
    public void StartBehind(long last, bool mayRepeat = false)
    {
        Last = last;
        _mayRepeat = mayRepeat;
    }

    public void Take(long number)
    {
        if (_mayRepeat && number <= Last)
        {
            return;
        }

        _mayRepeat = false;
        if (number != Last + 1)
        {
            Tell(FormattableString.Invariant($"record {number} came behind {Last}"));
        }

        Last = number;
        Count++;
    }

    public void Take(Fault fault) => Tell(fault.Message);

    public void Tell(string problem)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Add(name + ": " + problem);
        }
    }
}
