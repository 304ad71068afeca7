using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>Finds the parts of a libvirt record in a message that a carrier unwrapped. It never throws and is linear in the message's length, for any bytes at all.</summary>
internal sealed class RecordParser(RecordFactory factory)
{
    private byte[] _unescaped = [];

    /// <summary>What was found in the message that was read last.</summary>
    public RecordLayout Layout { get; } = new();

    /// <summary>Reads the header of a message, as its carrier and its writer have it; false where it has none.</summary>
    public static bool TryReadHeader(in Envelope envelope, out EventHeader header)
    {
        if (envelope.Type != 0)
        {
            // The journal states the type beside the text, which begins with its name.
            if (!EventHeader.TryReadNamed(envelope.Text, envelope.Start, out header))
            {
                header = EventHeader.OfFields(envelope.Start);
            }

            header.Type = envelope.Type;
            return true;
        }

        if ((envelope.Allows(Speaker.Audit) || IsKernels(envelope)) && EventHeader.TryRead(envelope.Text, envelope.Start, out header))
        {
            return true;
        }

        header = default;
        return envelope.Allows(Speaker.Journal) && EventHeader.TryReadNamed(envelope.Text, envelope.Start, out header);
    }

    /// <summary>Fills the layout from a message of the virtualization range; false where its text is escaped (<see cref="ReadEscaped"/>).</summary>
    public bool TryRead(in Envelope envelope, in EventHeader header)
    {
        Fill(envelope, header);
        return !IsEscaped(envelope);
    }

    /// <summary>Fills the layout from a message whose text is escaped; <paramref name="envelope"/> gets the text in which its parts stand.</summary>
    public void ReadEscaped(ref Envelope envelope)
    {
        Envelope whole = envelope;
        whole.Text = Unescape(envelope.Message);
        whole.Start = 0;
        if (TryReadHeader(whole, out EventHeader unescaped))
        {
            Fill(whole, unescaped);
            envelope = whole;
        }
    }

    /// <summary>Reads a message without a header: libvirt's own, or the kernel's text whose type is lost; false where it is none.</summary>
    public bool TryReadUntyped(ref Envelope envelope)
    {
        Layout.Clear();
        if (envelope.Allows(Speaker.Libvirt) && LibvirtMessage.TryRead(envelope.Text, envelope.Start, Layout))
        {
            Layout.Defect ??= envelope.Defect;
            Complete(envelope);
            return true;
        }

        // The kernel's text as the multicast group gives it: its type is the message's, not the text's, and where that is
        // lost only a body of libvirt's tells which it was.
        if (!envelope.Allows(Speaker.Kernel))
        {
            return false;
        }

        if (!TryReadFields(envelope, out EventHeader header))
        {
            return false;
        }

        Fill(envelope, header);
        if (IsEscaped(envelope))
        {
            envelope.Text = Unescape(envelope.Message);
            envelope.Start = 0;
            TryReadFields(envelope, out header);
            Fill(envelope, header);
        }

        return Layout.Shape is not null || (Layout[RecordField.VMName].HasValue && (Layout[RecordField.Uuid].HasValue || Layout[RecordField.Driver].HasValue));
    }

    private static bool TryReadFields(in Envelope envelope, out EventHeader header)
    {
        if (!envelope.Message.StartsWith("pid="u8))
        {
            return EventHeader.TryReadStamped(envelope.Text, envelope.Start, out header);
        }

        header = EventHeader.OfFields(envelope.Start);
        return true;
    }

    // A message that was cut out of JSON without undoing its escapes; what has a shape as it is was not.
    private bool IsEscaped(in Envelope envelope) => Layout.Shape is null && !Layout.IsInterpreted && envelope.Text.IndexOf(" vm=\\\""u8) >= 0;

    // The kernel writes the number of a type, auditd its name: 'type=2500 audit(' and 'type=VIRT_CONTROL msg=audit('.
    private static bool IsKernels(in Envelope envelope) =>
        envelope.Allows(Speaker.Kernel) && envelope.Message is var text && text.StartsWith("type="u8) && text.Length > 5 && text[5] is >= (byte)'0' and <= (byte)'9';

    private void Fill(in Envelope envelope, in EventHeader header)
    {
        Layout.Clear();
        Layout.Type = header.Type;
        Layout.Defect = header.Defect ?? envelope.Defect;
        Layout.IsInterpreted = header.IsInterpreted;
        Layout.UnixMilliseconds = header.UnixMilliseconds;
        Layout.Serial = header.Serial;
        Layout.EventId = header.StampLength > 0 ? new Slot(header.StampStart, header.StampLength) : default;
        Layout.Node = header.NodeLength > 0 ? new Slot(header.NodeStart, header.NodeLength) : default;
        if (envelope.Defect is null)
        {
            PayloadReader.Read(envelope.Text, header.Fields, Layout);
        }

        Complete(envelope);
    }

    // What the text lacks, the envelope may state.
    private void Complete(in Envelope envelope)
    {
        if (envelope.Stamp is not null || envelope.Serial is not null)
        {
            Layout.UnixMilliseconds = envelope.Stamp;
            Layout.Serial = envelope.Serial;
            Layout.HasEventId = true;
        }

        if (Layout.UnixMilliseconds is null && Layout.Serial is null)
        {
            Layout.UnixMilliseconds = envelope.Moment;
        }

        if (Layout.Node.Kind == SlotKind.Absent && !envelope.Host.IsEmpty)
        {
            Layout.NodeName = factory.GetText(envelope.Host);
        }

        Layout.LogThread = envelope.Thread;
        if (Layout.IsLibvirtMessage)
        {
            Layout.ProcessId ??= envelope.ProcessId;
        }
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> line)
    {
        if (_unescaped.Length < line.Length)
        {
            _unescaped = new byte[line.Length];
        }

        int length = 0;
        for (int i = 0; i < line.Length; i++)
        {
            bool isEscape = line[i] == (byte)'\\' && i + 1 < line.Length && line[i + 1] is (byte)'"' or (byte)'\\';
            _unescaped[length++] = line[isEscape ? ++i : i];
        }

        return _unescaped.AsSpan(0, length);
    }
}
