using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Joins the two lines that libvirt's log has of a record that the kernel refused, its <c>success=</c> line and then
/// <c>Failed to send</c>, to one record that was not delivered. Other threads may write between them, so a few records
/// wait until it is known, and leave in their order.
/// </summary>
internal sealed class RefusalTracker(RefusalTracker.TakeRecord emit)
{
    private const int MostWaiting = 16;
    private readonly Queue<Entry> _waiting = new();

    /// <summary>Takes a record that leaves.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Where its line begins.</param>
    /// <param name="refusal">Where the line begins that told of its refusal; null where none did.</param>
    public delegate void TakeRecord(VirtAuditRecord record, long offset, long? refusal);

    /// <summary>Where the line of the first record that waits begins; null where none waits.</summary>
    public long? FirstOffset => _waiting.TryPeek(out Entry? entry) ? entry.Offset : null;

    /// <summary>Takes a record of libvirt's log.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Where its line begins.</param>
    /// <param name="thread">The thread that wrote the line; null where the carrier doesn't tell.</param>
    /// <param name="body">The body, by which the two lines know each other.</param>
    public void Add(VirtAuditRecord record, long offset, ulong? thread, ReadOnlySpan<byte> body)
    {
        bool isRefusal = record.Delivered == false;
        if (!isRefusal || !TryJoin(offset, thread, body))
        {
            Decide(thread);
            _waiting.Enqueue(new Entry(record, offset, thread, body.ToArray()) { IsDecided = isRefusal });
        }

        EmitDecided();
    }

    /// <summary>Takes a record of another carrier, which waits only for its turn.</summary>
    public void Add(VirtAuditRecord record, long offset)
    {
        if (_waiting.Count == 0)
        {
            emit(record, offset, null);
            return;
        }

        _waiting.Enqueue(new Entry(record, offset, null, []) { IsDecided = true });
        EmitDecided();
    }

    /// <summary>Gives out all that waits.</summary>
    public void Release()
    {
        while (_waiting.TryDequeue(out Entry? entry))
        {
            emit(entry.Record, entry.Offset, entry.Refusal);
        }
    }

    private void EmitDecided()
    {
        while (_waiting.TryPeek(out Entry? entry) && (entry.IsDecided || _waiting.Count > MostWaiting))
        {
            _waiting.Dequeue();
            emit(entry.Record, entry.Offset, entry.Refusal);
        }
    }

    private bool TryJoin(long offset, ulong? thread, ReadOnlySpan<byte> body)
    {
        foreach (Entry entry in _waiting.Reverse())
        {
            if (!entry.IsDecided && entry.Thread == thread && body.SequenceEqual(entry.Body))
            {
                entry.Record.Delivered = false;
                entry.Refusal = offset;
                entry.IsDecided = true;
                return true;
            }
        }

        return false;
    }

    // A thread writes the refusal right behind the record: with another line of it the record was not refused.
    private void Decide(ulong? thread)
    {
        foreach (Entry entry in _waiting)
        {
            entry.IsDecided |= thread is not null && entry.Thread == thread;
        }
    }

    private sealed class Entry(VirtAuditRecord record, long offset, ulong? thread, byte[] body)
    {
        public VirtAuditRecord Record { get; } = record;

        public long Offset { get; } = offset;

        public long? Refusal { get; set; }

        public ulong? Thread { get; } = thread;

        public byte[] Body { get; } = body;

        public bool IsDecided { get; set; }
    }
}
