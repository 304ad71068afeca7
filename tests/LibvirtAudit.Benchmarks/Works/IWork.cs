namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Something that is done and measured in this process.</summary>
internal interface IWork
{
    /// <summary>Does it once; the time is taken.</summary>
    void Run();

    /// <summary>What the last run came to; the time is not taken.</summary>
    long GetCount();
}
