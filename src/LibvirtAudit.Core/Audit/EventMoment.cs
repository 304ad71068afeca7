namespace LibvirtAudit.Audit;

/// <summary>When an event of any type was, by its record's header.</summary>
/// <param name="Type">The number of the record's type; 0 where it is not known.</param>
/// <param name="UnixMilliseconds">The event's stamp.</param>
/// <param name="Serial">Its serial.</param>
/// <param name="Node">Its host; null where the line names none.</param>
public readonly record struct EventMoment(int Type, long UnixMilliseconds, ulong Serial, string? Node)
{
    /// <summary>Whether the kernel stamped and numbered it.</summary>
    public bool IsOfKernel => RecordTypes.IsOfKernel(Type);
}
