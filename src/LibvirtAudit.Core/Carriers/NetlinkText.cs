namespace LibvirtAudit.Carriers;

/// <summary>The kernel's text as the multicast group gives it, <c>audit(SEC.MMM:SERIAL): pid=… msg='…'</c>, whose message has the type: pastes of it, with the stamp or without.</summary>
internal sealed class NetlinkText : Carrier
{
    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("Watch-VirtAuditRecord", "audit(…): pid=… msg='…'", "its own", true, "none: this host", false, "the kernel")
        {
            Remark = "In a paste of such text the type is lost; only a body of libvirt's tells which it was.",
        },
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink) =>
        outer.Allows(Speaker.Kernel) && (outer.Message.StartsWith("audit("u8) || outer.Message.StartsWith("pid="u8)) && sink.OnEnvelope(outer);
}
