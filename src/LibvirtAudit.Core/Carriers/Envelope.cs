using LibvirtAudit.Audit;

namespace LibvirtAudit.Carriers;

/// <summary>One message that a carrier holds, and what stands around it. A carrier copies the envelope that it got, changes what it knows better, and hands it on.</summary>
internal ref struct Envelope
{
    /// <summary>Makes the envelope of a line of which nothing is known.</summary>
    public Envelope(ReadOnlySpan<byte> text)
    {
        Line = text;
        Text = text;
        Speakers = Speaker.Any;
    }

    /// <summary>The line as it stands in the log, which a record keeps as its RawText; empty where an entry spans lines, then it keeps <see cref="Text"/>.</summary>
    public ReadOnlySpan<byte> Line { get; set; }

    /// <summary>The text that holds the message; the places of a record are places in it.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>Where in the text the message begins.</summary>
    public int Start { get; set; }

    /// <summary>The message.</summary>
    public readonly ReadOnlySpan<byte> Message => Text[Start..];

    /// <summary>Whose words the message may be; a carrier may only take away from what it was given, unless it states the writer itself.</summary>
    public Speaker Speakers { get; set; }

    /// <summary>The host as the carrier names it; empty where it doesn't. A record's own <c>node=</c> goes before.</summary>
    public ReadOnlySpan<byte> Host { get; set; }

    /// <summary>The writer's moment where it is whole (date, year, and zone or offset), in milliseconds since 1970-01-01 UTC; null else. A record's own stamp goes before.</summary>
    public long? Moment { get; set; }

    /// <summary>Where the carrier's clock stood, in milliseconds modulo a day, comparable within one log only; null where it shows none.</summary>
    public long? Clock { get; set; }

    /// <summary>The writer's process id, where the writer is libvirt's daemon itself; null else.</summary>
    public int? ProcessId { get; set; }

    /// <summary>The thread of libvirt that wrote the line of its own log; null elsewhere.</summary>
    public ulong? Thread { get; set; }

    /// <summary>The event's type where the carrier states it outside of the text; 0 else.</summary>
    public int Type { get; set; }

    /// <summary>The event's stamp where the carrier states it outside of the text.</summary>
    public long? Stamp { get; set; }

    /// <summary>The event's serial where the carrier states it outside of the text.</summary>
    public ulong? Serial { get; set; }

    /// <summary>The journal's id of the boot; empty where the carrier has none.</summary>
    public ReadOnlySpan<byte> BootId { get; set; }

    /// <summary>Which of the two lines that the journal has of an event this is.</summary>
    public TwinSide Side { get; set; }

    /// <summary>What is wrong with the message: then it is a malformed record of <see cref="Type"/>. Null where nothing is.</summary>
    public string? Defect { get; set; }

    /// <summary>How many carriers lie around this one.</summary>
    public int Depth { get; set; }

    /// <summary>Whether one of <paramref name="speakers"/> may have written the message.</summary>
    public readonly bool Allows(Speaker speakers) => (Speakers & speakers) != 0;
}

/// <summary>Takes what carriers unwrap.</summary>
internal interface IEnvelopeSink
{
    /// <summary>Takes a message; true where it is a record or an event, wanted or not.</summary>
    bool OnEnvelope(in Envelope envelope);

    /// <summary>Takes an event whose fields the carrier has parsed itself, of another type than libvirt's.</summary>
    void OnEvent(AuditEvent record);

    /// <summary>The carrier says that the host booted between the lines before and behind this.</summary>
    void OnBootMark();
}

/// <summary>Which of the two lines of one event that the journal has where no auditd runs.</summary>
internal enum TwinSide : byte
{
    /// <summary>The carrier has each event once.</summary>
    None,

    /// <summary>The audit transport's, <c>audit[PID]: NAME …</c>.</summary>
    Journal,

    /// <summary>The kernel log's, <c>kernel: audit: type=N audit(…): …</c>.</summary>
    Kernel,
}
