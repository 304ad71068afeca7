using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Logs;

namespace LibvirtAudit.Tests.Failures;

/// <summary>One run of an operation, in a folder of its own, with or without a call that fails.</summary>
internal sealed class Trial : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    /// <summary>What fails; null for a run in which nothing does.</summary>
    public Injection? Injection { get; init; }

    /// <summary>What the operation gave.</summary>
    public LiveSink Sink { get; } = new();

    /// <summary>What it ended with; null where it came to its end.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>What is kept from one step to the next.</summary>
    public List<object> Kept { get; } = [];

    /// <summary>The failures that were reported and those that it ended with, warnings and damaged lines left out.</summary>
    public IReadOnlyList<Fault> Failures =>
        [.. Sink.Faults.Where(fault => !fault.IsWarning && fault.Id != FaultId.MalformedRecord), .. Thrown is FaultException thrown ? [thrown.Fault] : Array.Empty<Fault>()];

    /// <summary>Whether anything was said at all.</summary>
    public bool IsTold => Failures.Count > 0 || Sink.Faults.Exists(fault => fault.IsWarning);

    public CancellationToken Cancellation => _patience.Token;

    public string Folder => _folder.Path;

    public static ReadOptions All => new(RecordFilter.All);

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Does what is no part of the operation.</summary>
    public static void Unarmed(Action action, Action rearm)
    {
        FaultShim.Disarm();
        try
        {
            action();
        }
        finally
        {
            rearm();
        }
    }

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }
}
