namespace LibvirtAudit.Tests.Support;

/// <summary>Tests that measure the whole process, so that no other may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
