using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>Finds the one libvirt record of a line, whatever carries it, for who looks at its parts.</summary>
internal sealed class LineParser : IEnvelopeSink
{
    private readonly RecordParser _records = new(new RecordFactory());
    private byte[] _text = [];
    private int _length = -1;

    /// <summary>What was found in the line that was parsed last.</summary>
    public RecordLayout Layout => _records.Layout;

    /// <summary>
    /// Parses a line without its line end; true where it is a record, or the remains of one. The layout's slots are places in
    /// <paramref name="text"/>, which is good until the next line is parsed.
    /// </summary>
    public bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
    {
        _length = -1;
        Layout.Clear();
        int start = line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0);
        if (start >= 0)
        {
            CarrierTable.Unwrap(new Envelope(line) { Start = start }, this);
        }

        text = _length < 0 ? default : _text.AsSpan(0, _length);
        return _length >= 0;
    }

    bool IEnvelopeSink.OnEnvelope(in Envelope envelope)
    {
        if (_length >= 0)
        {
            return true;
        }

        Envelope read = envelope;
        if (RecordParser.TryReadHeader(envelope, out EventHeader header) ? header.IsVirt : _records.TryReadUntyped(ref read))
        {
            if (header.IsVirt)
            {
                _records.Read(ref read, header);
            }

            _length = read.Text.Length;
            _text = _text.Length < _length ? new byte[_length] : _text;
            read.Text.CopyTo(_text);
        }

        return _length >= 0;
    }

    void IEnvelopeSink.OnEvent(AuditEvent record)
    {
    }

    void IEnvelopeSink.OnBootMark()
    {
    }
}
