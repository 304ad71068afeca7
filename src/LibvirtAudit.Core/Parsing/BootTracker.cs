using LibvirtAudit.Audit;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Makes boots of the journal's marks between two boots and of a change of its <c>_BOOT_ID</c>. A mark names no host: it is of the
/// host whose lines follow it.
/// </summary>
internal sealed class BootTracker(string? source)
{
    private readonly Dictionary<string, string> _boots = [];
    private long? _mark;
    private string? _last;

    /// <summary>A mark stands at <paramref name="offset"/>.</summary>
    public void Mark(long offset) => _mark = offset;

    /// <summary>Takes the next record or event; the boot before it, or null where there is none.</summary>
    /// <param name="node">Its host.</param>
    /// <param name="bootId">The journal's id of the boot; null where the carrier has none.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="isBoot">Whether it is itself the record of a boot.</param>
    public AuditEvent? Before(string? node, string? bootId, long offset, bool isBoot)
    {
        _last = node;
        long? mark = _mark;
        _mark = null;
        if (bootId is not null)
        {
            bool isOther = _boots.TryGetValue(node ?? "", out string? before) && before != bootId;
            _boots[node ?? ""] = bootId;
            mark = isOther ? offset : null;
        }

        return mark is long place && !isBoot ? New(node, place) : null;
    }

    /// <summary>The log is at its end; the boot behind its last record, or null where there is none.</summary>
    public AuditEvent? End()
    {
        long? mark = _mark;
        _mark = null;
        return mark is long place ? New(_last, place) : null;
    }

    private AuditEvent New(string? node, long offset) =>
        new(RecordTypes.SystemBoot, []) { Node = node, Source = source, Offset = offset, IsMark = true };
}
