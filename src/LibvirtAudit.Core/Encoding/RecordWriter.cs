using System.Buffers;
using System.Globalization;
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
        WriteMessage(record);
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The line of <c>audit.log</c>, without its line feed. A line feed in a value, which other carriers can hold, is a
    /// blank in it, as auditd writes it.
    /// </summary>
    /// <exception cref="FaultException"><see cref="FaultId.UnsupportedRecord"/> where the record lacks what every line holds; <see cref="FaultId.MissingField"/>.</exception>
    public byte[] GetLine(VirtAuditRecord record)
    {
        _buffer.ResetWrittenCount();
        if (IsForeign(record, out ReadOnlySpan<byte> raw, out _))
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

        WriteHeader(record);
        WriteMessage(record);
        _buffer.Write("'"u8);
        if (record.UserName is not null)
        {
            string loginUser = record.LoginUserName ?? (record.LoginUserId is uint id ? string.Create(CultureInfo.InvariantCulture, $"unknown({id})") : "unset");
            Write($"\x1dUID=\"{record.UserName}\" AUID=\"{loginUser}\"");
        }

        return OneLine(_buffer.WrittenSpan);
    }

    private static byte[] OneLine(ReadOnlySpan<byte> text)
    {
        byte[] line = text.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }

    // What stands before the message, and behind it, is in no quotes of its own. A label may hold blanks: it is the last
    // before the message.
    private static void CheckEnvelope(VirtAuditRecord record)
    {
        Check(nameof(record.Node), record.Node, SafeText.IsOneWord);
        Check(nameof(record.RecordType), record.RecordType, text => RecordTypes.Parse(ByteText.GetBytes(text)) != 0);
        Check(nameof(record.EventId), record.EventId, text => EventStamp.TryRead(ByteText.GetBytes(text), out _, out _));
        Check(nameof(record.Subject), record.Subject, SafeText.IsUnquoted);
        Check(nameof(record.UserName), record.UserName, SafeText.IsUnquoted);
        Check(nameof(record.LoginUserName), record.LoginUserName, SafeText.IsUnquoted);
    }

    private static void Check(string property, string? value, Predicate<string> isSafe)
    {
        if (value is not null && !isSafe(value))
        {
            throw new FaultException(EncodingFaults.BreaksOut(property, value));
        }
    }

    private void WriteHeader(VirtAuditRecord record)
    {
        CheckEnvelope(record);
        if (record.Node is not null)
        {
            Write($"node={record.Node} ");
        }

        Write($"type={record.RecordType} msg=audit({record.EventId}): pid={record.ProcessId} uid={record.UserId ?? Unset} auid={record.LoginUserId ?? Unset} ses={record.SessionId ?? Unset} ");
        if (record.Subject is not null)
        {
            Write($"subj={record.Subject} ");
        }

        Write($"msg='");
    }

    private void WriteMessage(VirtAuditRecord record)
    {
        if (IsForeign(record, out _, out ReadOnlySpan<byte> message))
        {
            _buffer.Write(message);
            return;
        }

        RecordEncoder.WriteBody(record, ShapeFinder.Find(record)!, _buffer);
        if (record is { Executable: not null, Result: not null })
        {
            RecordEncoder.WriteTrailer(record, _buffer);
        }
    }

    // Whether the record is not of libvirt's making: then its text, and the message in it, are all there is.
    private bool IsForeign(VirtAuditRecord record, out ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> message)
    {
        raw = message = default;
        if (record.RawText is not null)
        {
            raw = ByteText.GetBytes(record.RawText);
            if (!_parser.TryParse(raw, out ReadOnlySpan<byte> text))
            {
                throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "its RawText is no record"));
            }

            message = _parser.Layout.Message.Of(text);
            return !_parser.Layout.IsLibvirtForm;
        }

        if (record.AdditionalFields is not null || ShapeFinder.Find(record) is null)
        {
            throw new FaultException(EncodingFaults.Unsupported(record.ToString(), "libvirt writes no such record, and it has no RawText"));
        }

        return false;
    }

    private void Write(FormattableString text) => ByteText.Write(text.ToString(CultureInfo.InvariantCulture), _buffer);
}
