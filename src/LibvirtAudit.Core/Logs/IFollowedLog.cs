using System.Runtime.InteropServices;

namespace LibvirtAudit.Logs;

/// <summary>One log that is read on as it grows.</summary>
internal interface IFollowedLog : IDisposable
{
    /// <summary>The path that the log has while it is written; of the system's journal its name.</summary>
    string Path { get; }

    /// <summary>Whether records are held back that the next lines may change.</summary>
    bool HoldsBack { get; }

    /// <summary>Up to where the sink took what there was, also while it takes something; null where that is not known.</summary>
    LogPlace? Place { get; }

    /// <summary>What can be read from when something comes; null where the path tells.</summary>
    SafeHandle? Readable { get; }

    /// <summary>Reads no farther from now on than to where the log ends at present: it may grow faster than it is read.</summary>
    /// <exception cref="Faults.FaultException">LogAccessDenied, LogReadFailed.</exception>
    void EndWherePresent();

    /// <summary>Says that what is to come is waited for, too.</summary>
    void Follow();

    /// <summary>Reads what has come since the last time. What fails is told once, and tried again the next time.</summary>
    /// <returns>Whether anything has.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    bool Advance();

    /// <summary>Gives out the records that wait for a line which may be long in coming.</summary>
    void Flush();
}
