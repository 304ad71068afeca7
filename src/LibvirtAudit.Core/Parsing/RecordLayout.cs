using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Where everything of one record stands in its text: what the parser finds before anything is made of it, so that a
/// filter can look at bytes and only what passes becomes objects. One instance serves record after record.
/// </summary>
internal sealed class RecordLayout
{
    // In RecordField the fields of the trailer follow those of the body.
    private const int BodyFieldCount = (int)RecordField.Executable;
    private readonly Slot[] _fields = new Slot[Enum.GetValues<RecordField>().Length];

    /// <summary>What surrounded the body of the record before.</summary>
    public FrameMemo Frame { get; } = new();

    /// <summary>Whether <see cref="Frame"/> surrounds the body of this record too, and that body has a shape: then who wrote it is the same.</summary>
    public bool IsFramed { get; set; }

    /// <summary>The number of the record's type; 0 where the carrier names none and the body doesn't tell.</summary>
    public int Type { get; set; }

    public long? UnixMilliseconds { get; set; }

    public ulong? Serial { get; set; }

    /// <summary>Where the text itself holds <c>SEC.MMM:SERIAL</c>.</summary>
    public Slot EventId { get; set; }

    /// <summary>Whether stamp and serial are the event's own, so that they name it though the text holds them elsewhere.</summary>
    public bool HasEventId { get; set; }

    public Slot Node { get; set; }

    /// <summary>The node where the envelope states it outside of the text; then <see cref="Node"/> is absent.</summary>
    public string? NodeName { get; set; }

    public int? ProcessId { get; set; }

    public uint? UserId { get; set; }

    public uint? LoginUserId { get; set; }

    public uint? SessionId { get; set; }

    public Slot Subject { get; set; }

    public Slot UserName { get; set; }

    public Slot LoginUserName { get; set; }

    /// <summary>The message: body and trailer, or the body alone where there is no trailer.</summary>
    public Slot Message { get; set; }

    /// <summary>Whether the text is libvirt's own message, not the audit system's record.</summary>
    public bool IsLibvirtMessage { get; set; }

    /// <summary>The thread of libvirt that wrote the line of its own log; null elsewhere.</summary>
    public ulong? LogThread { get; set; }

    /// <summary>
    /// The shape whose fields the body has exactly, in libvirt's order and form, so that writing the record again gives
    /// what libvirt wrote; null where the body is of another making.
    /// </summary>
    public RecordShape? Shape { get; set; }

    /// <summary>False where the text says that the record was refused.</summary>
    public bool? Delivered { get; set; }

    /// <summary><c>success</c> or <c>failed</c> where it stands outside of the trailer.</summary>
    public string? Outcome { get; set; }

    /// <summary>What is wrong with the text; null where it is whole.</summary>
    public string? Defect { get; set; }

    /// <summary>The fields that the grammar doesn't know, in their order.</summary>
    public List<Slot> Additional { get; } = [];

    /// <summary>Whether the properties say all that the text does, in libvirt's form, so that the text can be written from them.</summary>
    public bool IsLibvirtForm => Shape is not null && Additional.Count == 0;

    /// <summary>The fields of the body, by the number of their <see cref="RecordField"/>.</summary>
    public ReadOnlySpan<Slot> BodyFields => _fields.AsSpan(0, BodyFieldCount);

    public ref Slot this[RecordField field] => ref _fields[(int)field];

    public void Clear()
    {
        IsFramed = false;
        Type = 0;
        UnixMilliseconds = null;
        Serial = null;
        EventId = default;
        HasEventId = false;
        Node = default;
        NodeName = null;
        ProcessId = null;
        UserId = null;
        LoginUserId = null;
        SessionId = null;
        Subject = default;
        UserName = default;
        LoginUserName = default;
        Message = default;
        IsLibvirtMessage = false;
        LogThread = null;
        Delivered = null;
        Outcome = null;
        Defect = null;
        ClearTrailer();
        ClearBody();
    }

    /// <summary>Forgets what was found in the trailer.</summary>
    public void ClearTrailer() => Array.Clear(_fields, BodyFieldCount, _fields.Length - BodyFieldCount);

    /// <summary>Forgets what was found in the body, for another try at it; the trailer's fields stay.</summary>
    public void ClearBody()
    {
        Array.Clear(_fields, 0, BodyFieldCount);
        Additional.Clear();
        Shape = null;
    }
}
