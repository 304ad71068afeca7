namespace LibvirtAudit.Tests.Budgets;

/// <summary>
/// What a record may cost, in things that are the same on every machine: bytes that are allocated for it, and bytes that are
/// read. Each is a few hundredths above what a debug build takes, which is never less than what a release takes. Who makes
/// something cheaper lowers its budget, so that it stays so; who must raise one says here why.
/// </summary>
internal static class Budget
{
    /// <summary>Of a record that is read from a file: the object, and the strings that are its own (paths, the event's name where it is asked for); 405 measured. Names, types and words that come again are shared.</summary>
    public const double ReadRecord = 422;

    /// <summary>Of a record that is turned away by its time, a number: nothing. What is left is the test platform's.</summary>
    public const double RejectedByTime = 1;

    /// <summary>Of a record that is turned away by a text, which is shared: nothing, as by its time.</summary>
    public const double RejectedByText = 1;

    /// <summary>Of a record that is turned away by its UUID, which is made a text to be compared with patterns; 128 measured.</summary>
    public const double RejectedByUuid = 132;

    /// <summary>Of a record in the session machine, whatever the log's length: what its assignments, evidence and session take; 598 measured.</summary>
    public const double AnalysedRecord = 625;

    /// <summary>Of a body that is encoded into a buffer that is there: numbers in their boxes; 142 measured.</summary>
    public const double EncodedBody = 148;

    /// <summary>Of a record's line: the same, its head, and the array that is given out; 1072 measured.</summary>
    public const double WrittenLine = 1110;

    /// <summary>Of a record that is checked, encoded and appended to a file; 1983 measured.</summary>
    public const double AppendedRecord = 2060;

    /// <summary>How much is read of a log, as a share of its length: once, and the margin of 2 KB in which two blocks of 128 KB meet.</summary>
    public const double ReadShare = 1.02;

    /// <summary>How much more is read than that, in bytes: its first 4 KB may be looked at twice, and the test platform reads, too.</summary>
    public const long ReadBeside = 64 * 1024;

    /// <summary>What is read for the last ten records: windows from the end, each with up to 1 MiB to find the first line in; 528 KB measured.</summary>
    public const long ReadForTail = 2 * 1024 * 1024;

    /// <summary>What is read for the first record: the head of 4 KB, and blocks that may be read ahead.</summary>
    public const long ReadForFirst = 8 * 1024 * 1024;
}
