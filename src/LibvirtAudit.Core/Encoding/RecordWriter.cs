using System.Buffers;
using System.Globalization;
using System.Text;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Encoding;

/// <summary>
/// The way back from a record to its text. What libvirt wrote is encoded from the properties in libvirt's shape; what it did
/// not (Docker's bodies, the published page's) goes back only as the text that it was read from.
/// </summary>
public sealed class RecordWriter
{
    private const uint Unset = uint.MaxValue;
    private static readonly SearchValues<char> StampSigns = SearchValues.Create(".0123456789:");
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly LineParser _parser = new();

    /// <summary>
    /// The text that was, or would be, given to the audit system: the body, and libaudit's trailer behind it where the
    /// record has one (libvirt's own log has none).
    /// </summary>
    /// <exception cref="FaultException"><see cref="FaultId.UnsupportedRecord"/> or <see cref="FaultId.MissingField"/>.</exception>
    public byte[] GetMessage(VirtAuditRecord record)
    {
        _buffer.ResetWrittenCount();
        if (FindShape(record, out _, out ReadOnlySpan<byte> message) is not RecordShape shape)
        {
            return message.ToArray();
        }

        WriteMessage(record, shape);
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The line of <c>audit.log</c>, without its line feed. A line feed in a value, which other carriers can hold, is a
    /// blank in it, as auditd writes it.
    /// </summary>
    /// <exception cref="FaultException">
    /// <see cref="FaultId.UnsupportedRecord"/> where the record lacks what every line holds, or has a value (a node with a
    /// blank) that a line would be read differently for; <see cref="FaultId.MissingField"/>.
    /// </exception>
    public byte[] GetLine(VirtAuditRecord record)
    {
        _buffer.ResetWrittenCount();
        if (FindShape(record, out ReadOnlySpan<byte> raw, out _) is not RecordShape shape)
        {
            if (!raw.StartsWith("type="u8) && !raw.StartsWith("node="u8))
            {
                throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "libvirt writes no such record, and the text that it was read from is no line of audit.log"));
            }

            return OneLine(raw);
        }

        if (record is not { EventId: not null, RecordType: not null, ProcessId: not null, Result: not null })
        {
            throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "a line of audit.log has a stamp, a serial, a process id and a result, which it lacks"));
        }

        WriteHeader(record, shape);
        int message = _buffer.WrittenCount;
        WriteMessage(record, shape);
        int messageEnd = _buffer.WrittenCount;
        _buffer.Write("'"u8);
        if (record.UserName is not null || record.LoginUserName is not null)
        {
            _buffer.Write("\x1dUID="u8);
            ValueEncoder.WriteEncoded(NameOf(record.UserName, record.UserId), _buffer);
            _buffer.Write(" AUID="u8);
            ValueEncoder.WriteEncoded(NameOf(record.LoginUserName, record.LoginUserId), _buffer);
        }

        byte[] line = OneLine(_buffer.WrittenSpan);
        RequireReadable(record, shape, line, message..messageEnd);
        return line;
    }

    private static byte[] OneLine(ReadOnlySpan<byte> text)
    {
        byte[] line = text.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }

    // What auditd writes for a number that has no name, or for none.
    private static string NameOf(string? name, uint? id) => name ?? (id is uint number ? string.Create(CultureInfo.InvariantCulture, $"unknown({number})") : "unset");

    // The values around the message are in no quotes, so that one could hold anything: a node 'a type=…' would be another
    // record. Those that can't be in their place are named; what else is wrong shows when the line is read back.
    private void RequireReadable(VirtAuditRecord record, RecordShape shape, ReadOnlySpan<byte> line, Range message)
    {
        RecordLayout read = _parser.Layout;
        bool isReadable = _parser.TryParse(line, out ReadOnlySpan<byte> text)
            & Holds(text, read.Node, nameof(record.Node), record.Node, SafeText.IsOneWord)
            & Holds(text, read.EventId, nameof(record.EventId), record.EventId, IsStamp)
            & Holds(text, read.Subject, nameof(record.Subject), record.Subject, SafeText.IsUnquoted)
            & HoldsName(text, read.UserName, record.UserName)
            & HoldsName(text, read.LoginUserName, record.LoginUserName)
            && (read.ProcessId, read.UserId, read.LoginUserId, read.SessionId) == (record.ProcessId, record.UserId, record.LoginUserId, record.SessionId)
            && read.IsLibvirtForm
            && read.Message.Of(text).SequenceEqual(line[message])
            && HoldsVerbatim(record, shape, text, read);
        if (!isReadable)
        {
            throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "one of its values would make the line another record's"));
        }
    }

    // What is never encoded may look like the field that follows it: the same message, and other values.
    private static bool HoldsVerbatim(VirtAuditRecord record, RecordShape shape, ReadOnlySpan<byte> text, RecordLayout read)
    {
        foreach (FieldDefinition field in shape.FieldSpan)
        {
            if (field.Form == FieldForm.Verbatim)
            {
                Slot slot = read[field.Property];
                string? written = ((string?)RecordProperties.Get(record, field.Property))?.Replace('\n', ' ');
                if ((slot.HasValue ? ByteText.GetString(slot.Of(text)) : null) != written)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Whether a value was read back as it is.
    private static bool Holds(ReadOnlySpan<byte> text, Slot read, string property, string? value, Predicate<string> isSafe)
    {
        if (value is null)
        {
            return read.Kind == SlotKind.Absent;
        }

        return isSafe(value)
            ? read.Kind != SlotKind.Absent && (Ascii.Equals(read.Of(text), value) || ByteText.GetString(read.Of(text)) == value)
            : throw new FaultException(EncodingFaults.BreaksOut(property, value));
    }

    // Encoded, so that any name can be written, but for those that say that there is none.
    private static bool HoldsName(ReadOnlySpan<byte> text, Slot read, string? name)
    {
        if (name is null || read.Kind != SlotKind.Hex)
        {
            return name is null ? read.Kind == SlotKind.Absent : read.Kind == SlotKind.Text && Ascii.Equals(read.Of(text), name);
        }

        byte[] bytes = new byte[read.Length / 2];
        HexText.Decode(read.Of(text), bytes);
        return ByteText.GetString(bytes) == name;
    }

    private static bool IsStamp(string text) => !text.AsSpan().ContainsAnyExcept(StampSigns);

    private void WriteHeader(VirtAuditRecord record, RecordShape shape)
    {
        string type = RecordTypes.GetName(shape.RecordType);
        if (record.RecordType is string name && name != type && !RecordTypes.IsVirt(RecordTypes.Parse(ByteText.GetBytes(name))))
        {
            throw new FaultException(EncodingFaults.BreaksOut(nameof(record.RecordType), name));
        }

        if (record.Node is not null)
        {
            Write("node="u8, record.Node);
            _buffer.Write(" "u8);
        }

        Write("type="u8, type);
        Write(" msg=audit("u8, record.EventId);
        _buffer.Write("): pid="u8);
        ByteText.Write(record.ProcessId!.Value, _buffer);
        WriteId(" uid="u8, record.UserId);
        WriteId(" auid="u8, record.LoginUserId);
        WriteId(" ses="u8, record.SessionId);
        if (record.Subject is not null)
        {
            Write(" subj="u8, record.Subject);
        }

        _buffer.Write(" msg='"u8);
    }

    private void WriteMessage(VirtAuditRecord record, RecordShape shape)
    {
        RecordEncoder.WriteBody(record, shape, _buffer);
        if (record.HasTrailer)
        {
            RecordEncoder.WriteTrailer(record, _buffer);
        }
    }

    // Null where the record is not of libvirt's making: then its text, and the message in it, are all there is.
    private RecordShape? FindShape(VirtAuditRecord record, out ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> message)
    {
        raw = message = default;
        RecordShape? shape = ShapeFinder.Find(record);
        if (record.RawText is not null)
        {
            raw = ByteText.GetBytes(record.RawText);
            if (!_parser.TryParse(raw, out ReadOnlySpan<byte> text))
            {
                throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "its RawText is no record"));
            }

            message = _parser.Layout.Message.Of(text);
            return _parser.Layout.IsLibvirtForm ? shape : null;
        }

        return record.AdditionalFields is null && shape is not null
            ? shape
            : throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "libvirt writes no such record, and it has no RawText"));
    }

    private void Write(ReadOnlySpan<byte> name, string? text)
    {
        _buffer.Write(name);
        ByteText.Write(text, _buffer);
    }

    private void WriteId(ReadOnlySpan<byte> name, uint? id)
    {
        _buffer.Write(name);
        ByteText.Write(id ?? Unset, _buffer);
    }
}
