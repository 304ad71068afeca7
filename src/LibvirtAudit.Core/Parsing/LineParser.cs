using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>Finds the one libvirt record of a line, whatever carries it, for who looks at its parts.</summary>
internal sealed class LineParser : IEnvelopeSink
{
    private readonly RecordParser _records = new(new RecordFactory());
    private byte[]? _text;
    private bool _isFound;

    /// <summary>What was found in the line that was parsed last.</summary>
    public RecordLayout Layout => _records.Layout;

    /// <summary>Parses a line without its line end; true where it is a record, or the remains of one. The layout's slots are places in <paramref name="text"/>.</summary>
    public bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
    {
        _isFound = false;
        _text = null;
        Layout.Clear();
        int start = line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0);
        if (start >= 0)
        {
            CarrierTable.Unwrap(new Envelope(line) { Start = start }, this);
        }

        text = _text is null ? line : _text;
        return _isFound;
    }

    bool IEnvelopeSink.OnEnvelope(in Envelope envelope)
    {
        if (_isFound)
        {
            return true;
        }

        Envelope read = envelope;
        if (RecordParser.TryReadHeader(envelope, out EventHeader header) ? header.IsVirt : _records.TryReadUntyped(ref read))
        {
            if (header.IsVirt)
            {
                if (!_records.TryRead(read, header))
                {
                    _records.ReadEscaped(ref read);
                }
            }

            _isFound = true;

            // What a carrier unwrapped is gone when it returns.
            _text = read.Text == envelope.Line ? null : read.Text.ToArray();
        }

        return _isFound;
    }

    void IEnvelopeSink.OnEvent(AuditEvent record)
    {
    }

    void IEnvelopeSink.OnBootMark()
    {
    }
}
