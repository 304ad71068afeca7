using System.Management.Automation;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Writes one object as often as it is told: what the pipeline itself costs, below which no cmdlet comes.</summary>
[Cmdlet(VerbsCommon.Get, "PreparedObject")]
[OutputType(typeof(object))]
public sealed class GetPreparedObjectCommand : PSCmdlet
{
    private readonly object _prepared = new();

    /// <summary>How often.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public long Count { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        for (long i = 0; i < Count; i++)
        {
            WriteObject(_prepared);
        }
    }
}
