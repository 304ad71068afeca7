using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>Finds the one libvirt record of a line, whatever carries it, for who looks at its parts.</summary>
internal sealed class LineParser : IEnvelopeSink
{
    private readonly RecordParser _records = new(new RecordFactory());
    private byte[]? _text;

    /// <summary>What was found in the line that was parsed last.</summary>
    public RecordLayout Layout => _records.Layout;

    /// <summary>Parses a line without its line end; true where it is a record, or the remains of one. The layout's slots are places in <paramref name="text"/>.</summary>
    public bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
    {
        _text = null;
        Layout.Clear();
        int start = line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0);
        if (start >= 0)
        {
            CarrierTable.Unwrap(new Envelope(line) { Start = start }, this);
        }

        text = _text;
        return _text is not null;
    }

    bool IEnvelopeSink.OnEnvelope(in Envelope envelope)
    {
        if (_text is not null)
        {
            return true;
        }

        Envelope read = envelope;
        if (RecordParser.TryReadHeader(envelope, out EventHeader header) ? header.IsVirt : _records.TryReadUntyped(envelope))
        {
            if (header.IsVirt)
            {
                _records.Read(ref read, header);
            }

            _text = read.Text.ToArray();
        }

        return _text is not null;
    }

    void IEnvelopeSink.OnEvent(AuditEvent record)
    {
    }

    void IEnvelopeSink.OnBootMark()
    {
    }
}
