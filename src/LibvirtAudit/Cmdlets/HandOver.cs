using System.Collections;
using System.Management.Automation;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Writes an object to the pipeline and tells whether it was handed over: a stop may come just before, and a record that the
/// pipeline never had must not count as delivered. PowerShell takes the object out of this list of one only to hand it on.
/// </summary>
internal sealed class HandOver : IEnumerable
{
    private readonly object _item;
    private bool _isTaken;

    private HandOver(object item) => _item = item;

    /// <summary>Writes <paramref name="item"/>.</summary>
    /// <exception cref="OperationCanceledException">The pipeline was stopped before it took the object. Any other exception comes from behind.</exception>
    public static void Write(Cmdlet cmdlet, object item)
    {
        var handOver = new HandOver(item);
        try
        {
            cmdlet.WriteObject(handOver, enumerateCollection: true);
        }
        catch (PipelineStoppedException) when (!handOver._isTaken)
        {
            throw new OperationCanceledException();
        }
    }

    IEnumerator IEnumerable.GetEnumerator()
    {
        _isTaken = true;
        yield return _item;
    }
}
