using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>An event, named only when its name is asked for: most of those that are kept are never told of, and as numbers they cost no string.</summary>
internal readonly struct EventMark
{
    private readonly string? _node;
    private readonly string? _eventId;
    private readonly long _stamp;
    private readonly ulong _serial;
    private readonly bool _isNumbers;

    internal EventMark(VirtAuditRecord record)
    {
        _node = record.Node;
        _isNumbers = record.IsNamedByStamp;
        if (_isNumbers)
        {
            _stamp = record.UnixMilliseconds!.Value;
            _serial = record.Serial!.Value;
        }
        else
        {
            _eventId = record.EventId;
        }
    }

    internal EventMark(AuditEvent record)
    {
        _node = record.Node;
        _isNumbers = record is { UnixMilliseconds: not null, Serial: not null };
        _stamp = record.UnixMilliseconds ?? 0;
        _serial = record.Serial ?? 0;
        _eventId = null;
    }

    /// <summary>As <see cref="EventName"/> writes it; null where the carrier gives events no names.</summary>
    internal string? Name => _isNumbers ? EventName.Of(_node, _stamp, _serial) : EventName.Of(_node, _eventId);
}
