namespace LibvirtAudit.Analysis;

/// <summary>What an incident was tied to, by what, and how surely.</summary>
internal readonly record struct IncidentTie(Match? Match, string By, string Certainty)
{
    internal const string Process = "ProcessId";
    internal const string Profile = nameof(Profile);
    internal const string Label = nameof(Label);
    internal const string CommandLine = nameof(CommandLine);
    internal const string Parent = nameof(Parent);
    internal const string Device = nameof(Device);
    internal const string Path = nameof(Path);
    internal const string Certain = nameof(Certain);
    internal const string Strong = nameof(Strong);
    internal const string Probable = nameof(Probable);
    internal const string Possible = nameof(Possible);

    /// <summary>The guest's UUID where the incident itself names it, though no record of the guest was seen.</summary>
    internal Guid? Uuid { get; init; }

    /// <summary>The guest's name where the incident itself tells it, though no record of the guest was seen.</summary>
    internal string? VMName { get; init; }
}
