namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>A run of a guest as the model has it.</summary>
internal sealed class ModelRun(string? node, Guid uuid, LifeEntry first)
{
    public string? Node { get; } = node;

    public Guid Uuid { get; } = uuid;

    /// <summary>The record of its start; null where there is none.</summary>
    public LifeEntry? Start { get; set; }

    public LifeEntry? Stop { get; set; }

    public string State { get; set; } = "";

    public int? Daemon { get; set; } = first.Record!.ProcessId;

    public HashSet<string> Models { get; } = [];

    public HashSet<ModelRun> Peers { get; } = [];

    public List<ModelGiven> Given { get; } = [];

    public ulong LastSerial { get; set; } = first.Serial;

    public int Resources { get; set; }

    public int Failures { get; set; }

    public bool IsUnobserved { get; set; }

    public bool HasRun => State != "FailedToStart";

    public string Name => (Start ?? first).Name;

    public string Show() => Show(
        (Name, Uuid, State),
        (Start?.Stamp, Start?.Record!.Reason),
        (Stop?.Stamp, Stop?.Record!.Reason),
        (Resources, Failures, IsUnobserved),
        Peers.Select(peer => peer.Name));

    /// <summary>A session in one line, of whichever of the two it is.</summary>
    public static string Show(
        (string? Name, Guid? Uuid, string? State) session,
        (long? Stamp, string? Reason) start,
        (long? Stamp, string? Reason) stop,
        (int Resources, int Failures, bool IsUnobserved) counts,
        IEnumerable<string> peers) => FormattableString.Invariant(
            $"session {session} from {start} to {stop} {counts} peers=[{string.Join(',', peers.Order(StringComparer.Ordinal))}]");
}

/// <summary>What a guest was given in a run.</summary>
internal sealed class ModelGiven(string type, string value, LifeEntry? start)
{
    public string Type { get; } = type;

    public string Value { get; } = value;

    public LifeEntry? Start { get; } = start;

    public long? End { get; private set; }

    public string? EndReason { get; private set; }

    public bool IsOver { get; private set; }

    public bool IsSure { get; set; } = true;

    public void Finish(LifeEntry? end, string? reason)
    {
        End = end?.Stamp;
        EndReason = reason;
        IsOver = true;
    }

    public string Show(ModelRun run) =>
        Show(run.Name, (Type, Value), Start?.Stamp, (End, EndReason), IsSure ? "Confirmed" : "Unconfirmed", !IsOver);

    /// <summary>An assignment in one line, of whichever of the two it is.</summary>
    public static string Show(
        string? session, (string?, string?) what, long? start, (long?, string?) end, string? sure, bool isOpen) =>
        FormattableString.Invariant($"given {session} {what} from {start} to {end} {sure}{(isOpen ? " open" : "")}");
}
