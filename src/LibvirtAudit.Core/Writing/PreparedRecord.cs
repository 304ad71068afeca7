using LibvirtAudit.Encoding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>A record that was checked, and its text.</summary>
/// <param name="Record">The record as it is written: values brought into libvirt's case, sender filled in.</param>
/// <param name="Text">Body and trailer, as the kernel gets them.</param>
/// <param name="BodyLength">How much of the text is the body.</param>
internal sealed record PreparedRecord(VirtAuditRecord Record, ReadOnlyMemory<byte> Text, int BodyLength)
{
    /// <summary>What libvirt puts in its own log of the record: the result and the body.</summary>
    public byte[] LogMessage => [.. IsSuccess ? "success=yes "u8 : "success=no "u8, .. Text.Span[..BodyLength]];

    /// <summary>Whether the record's result is success.</summary>
    public bool IsSuccess => Record.Result == "success";

    /// <summary>The whole text, as people are shown it.</summary>
    public string Description => PrintableText.Escape(ByteText.GetString(Text.Span))!;

    /// <summary>Puts in the record what is known of its delivery.</summary>
    public void Confirm(Receipt receipt)
    {
        Record.Delivered = receipt.Delivered;
        Record.Source = receipt.Source;
        if (receipt is { UnixMilliseconds: long stamp, Serial: uint serial })
        {
            Record.SetEvent(stamp, serial);
        }
        else
        {
            Record.EventId = null;
            Record.Timestamp = null;
            Record.Serial = null;
        }
    }
}
