using System.Buffers.Text;
using System.Globalization;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// The fields of one wrapped message: an entry of the journal (<c>systemd.journal-fields(7)</c>) in JSON or export form, or
/// another program's JSON line around a message. Collected first, since they come in any order.
/// </summary>
internal sealed class JournalEntry
{
    // A container's runtime wraps the JSON lines of the program in lines of its own.
    private const int DeepestWrapping = 2;
    private const int MostMessages = 4;
    private readonly List<byte[]> _messages = [];
    private readonly int _depth;
    private JournalEntry? _inner;

    private string? _transport;
    private byte[]? _command;
    private byte[]? _identifier;
    private int _auditType;
    private ulong? _auditId;
    private long? _sourceMicroseconds;
    private long? _journalMicroseconds;
    private DateTimeOffset? _time;
    private string? _host;
    private int? _processId;

    public JournalEntry(int depth = 0) => _depth = depth;

    /// <summary>Whether a field of that name can hold a message.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("MESSAGE"u8) || name.SequenceEqual("message"u8) || name.SequenceEqual("msg"u8) || name.SequenceEqual("log"u8)
        || name.SequenceEqual("original"u8) || name.SequenceEqual("_raw"u8) || name.SequenceEqual("raw"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("line"u8);

    /// <summary>Takes one field; those that mean nothing here are passed over.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (IsMessage(name))
        {
            if (_messages.Count < MostMessages)
            {
                _messages.Add(value.ToArray());
            }
        }
        else if (name.SequenceEqual("_TRANSPORT"u8))
        {
            _transport = System.Text.Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("_COMM"u8))
        {
            _command = value.ToArray();
        }
        else if (name.SequenceEqual("SYSLOG_IDENTIFIER"u8))
        {
            _identifier = value.ToArray();
        }
        else if (name.SequenceEqual("_AUDIT_TYPE"u8))
        {
            _auditType = RecordTypes.Parse(value);
        }
        else if (name.SequenceEqual("_AUDIT_ID"u8))
        {
            _auditId = Utf8Parser.TryParse(value, out ulong id, out int used) && used == value.Length ? id : null;
        }
        else if (name.SequenceEqual("_SOURCE_REALTIME_TIMESTAMP"u8))
        {
            _sourceMicroseconds = ReadMicroseconds(value);
        }
        else if (name.SequenceEqual("__REALTIME_TIMESTAMP"u8))
        {
            _journalMicroseconds = ReadMicroseconds(value);
        }
        else if (name.SequenceEqual("_HOSTNAME"u8))
        {
            _host = Encoding.ByteText.GetString(value);
        }
        else if (name.SequenceEqual("_PID"u8))
        {
            _processId = Utf8Parser.TryParse(value, out int pid, out int used) && used == value.Length ? pid : null;
        }
        else if (name.SequenceEqual("timestamp"u8) || name.SequenceEqual("@timestamp"u8) || name.SequenceEqual("time"u8) || name.SequenceEqual("ts"u8))
        {
            _time = DateTimeOffset.TryParse(System.Text.Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
        }
    }

    /// <summary>Forgets the entry.</summary>
    public void Clear()
    {
        _messages.Clear();
        _transport = null;
        _command = null;
        _identifier = null;
        _auditType = 0;
        _auditId = null;
        _sourceMicroseconds = null;
        _journalMicroseconds = null;
        _time = null;
        _host = null;
        _processId = null;
    }

    /// <summary>Reads the record of the entry; its slots are places in <paramref name="text"/>. False where the entry holds none.</summary>
    public bool TryRead(RecordLayout layout, out ReadOnlySpan<byte> text)
    {
        foreach (byte[] message in _messages)
        {
            // A container's runtime keeps the line feed of the line that it wraps; of the journal's own fields all is value.
            text = _transport is null ? message.AsSpan().TrimEnd((byte)'\n') : message;
            if (text.StartsWith("{"u8))
            {
                if (TryReadInner(text, layout, out text))
                {
                    return true;
                }

                continue;
            }

            layout.Clear();
            if (_transport == "audit" || _auditType != 0 ? TryReadAudit(text, layout) : TryReadMessage(text, layout))
            {
                layout.NodeName = layout.Node.Kind == SlotKind.Absent ? _host : null;
                return true;
            }
        }

        text = default;
        return _messages.Count == 0 && _auditType != 0 && ReportMissingMessage(layout);
    }

    private bool ReportMissingMessage(RecordLayout layout)
    {
        layout.Clear();
        layout.Type = _auditType;
        layout.NodeName = _host;
        SetStamp(layout);
        layout.Defect = "the entry has no message (journalctl leaves out those over 4096 bytes; journalctl --all does not)";
        return true;
    }

    private void SetStamp(RecordLayout layout)
    {
        layout.UnixMilliseconds = _sourceMicroseconds / 1000;
        layout.Serial = _auditId;
        layout.HasEventId = true;
    }

    private bool TryReadInner(ReadOnlySpan<byte> json, RecordLayout layout, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_depth == DeepestWrapping)
        {
            return false;
        }

        _inner ??= new JournalEntry(_depth + 1);
        _inner.Clear();
        return JsonLine.TryCollect(json, _inner) && _inner.TryRead(layout, out text);
    }

    private bool TryReadAudit(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        if (!JournalText.TryReadAudit(text, 0, layout))
        {
            if (_auditType == 0)
            {
                return false;
            }

            layout.Type = _auditType;
            AuditLine.ReadPayload(text, 0, layout);
        }

        SetStamp(layout);
        return true;
    }

    private bool TryReadMessage(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        if (!TryReadBy(text, layout))
        {
            return false;
        }

        if (layout.UnixMilliseconds is null && layout.Serial is null)
        {
            layout.UnixMilliseconds = (_sourceMicroseconds ?? _journalMicroseconds) / 1000 ?? _time?.ToUnixTimeMilliseconds();
        }

        // Of libvirt's own messages the journal knows the daemon; of a wrapped audit record it knows the dispatcher.
        if (layout.IsLibvirtMessage)
        {
            layout.ProcessId ??= _processId;
        }

        return true;
    }

    // The journal states itself what wrote a message (fields with an underscore, systemd.journal-fields(7)), and anybody
    // may write one: what another program says counts only where it is known to write records.
    private bool TryReadBy(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        if (_transport == "kernel")
        {
            return KernelLog.TryRead(text, 0, layout);
        }

        byte[]? writer = _command ?? (_transport is null ? _identifier : []);
        return writer is null ? TextCarrier.TryRead(text, 0, layout)
            : LibvirtLog.IsDaemon(writer) ? LibvirtLog.TryReadMessage(text, 0, layout)
            : IsDispatcher(writer) && AuditLine.TryRead(text, 0, layout);
    }

    private static bool IsDispatcher(ReadOnlySpan<byte> writer) => writer.StartsWith("audisp"u8) || writer.SequenceEqual("auditd"u8);

    private static long? ReadMicroseconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long microseconds, out int used) && used == value.Length && microseconds is >= 0 and < 253_402_300_800_000_000 ? microseconds : null;
}
