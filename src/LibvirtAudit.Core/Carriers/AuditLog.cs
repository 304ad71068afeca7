namespace LibvirtAudit.Carriers;

/// <summary>audit.log and what is made of it without anything before a line: <c>ausearch --raw</c> and <c>-i</c>, the kernel's text without its prefix, pastes.</summary>
internal sealed class AuditLog : Carrier
{
    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("audit.log, ausearch --raw", "type=VIRT_CONTROL msg=audit(…): pid=…", "its own", true, "node=", true, "auditd"),
        new("ausearch -i", "type=VIRT_CONTROL msg=audit(11/22/2026 14:53:07.123:2001) : pid=…", "its own, as local time of the reader", true, "node=", true, "auditd")
        {
            Remark = "A value with a blank may be ambiguous, and then is an error. A date of another locale than the reader's may be unreadable; then the record has no time.",
        },
    ];

    /// <summary>Whether a line begins as one of audit.log.</summary>
    public static bool IsLine(ReadOnlySpan<byte> line) => line.StartsWith("type="u8) || line.StartsWith("node="u8);

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        if (!IsLine(outer.Message))
        {
            return false;
        }

        sink.OnEnvelope(outer);
        return true;
    }
}
