using System.Buffers.Text;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Carriers;

/// <summary>
/// The fields of one entry of the journal (<c>systemd.journal-fields(7)</c>), whatever form it is printed in. Collected first,
/// since they come in any order. Who wrote a message is what the journal itself states (fields with an underscore), not what the
/// message's writer calls itself.
/// </summary>
internal sealed class JournalEntry
{
    private const int MostMessages = 4;
    private const long DayMilliseconds = 86_400_000;
    private readonly List<byte[]> _messages = [];
    private string? _transport;
    private byte[]? _command;
    private byte[]? _host;
    private byte[]? _bootId;
    private int _auditType;
    private ulong? _auditId;
    private long? _sourceMicroseconds;
    private long? _journalMicroseconds;
    private int? _processId;

    /// <summary>Whether the fields are an entry of the journal at all.</summary>
    public bool IsEntry => _transport is not null || _command is not null || _auditType != 0 || _journalMicroseconds is not null || _bootId is not null;

    /// <summary>Takes one field; those that mean nothing here are passed over.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("MESSAGE"u8))
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
        else if (name.SequenceEqual("_HOSTNAME"u8))
        {
            _host = value.ToArray();
        }
        else if (name.SequenceEqual("_BOOT_ID"u8))
        {
            _bootId = value.ToArray();
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
        else if (name.SequenceEqual("_PID"u8))
        {
            _processId = Utf8Parser.TryParse(value, out int pid, out int used) && used == value.Length ? pid : null;
        }
    }

    /// <summary>Forgets the entry.</summary>
    public void Clear()
    {
        _messages.Clear();
        _transport = null;
        _command = null;
        _host = null;
        _bootId = null;
        _auditType = 0;
        _auditId = null;
        _sourceMicroseconds = null;
        _journalMicroseconds = null;
        _processId = null;
    }

    /// <summary>Gives the entry's messages, in what stands around the entry.</summary>
    public void Give(in Envelope outer, IEnvelopeSink sink)
    {
        Envelope envelope = outer;
        envelope.Host = _host ?? envelope.Host;
        envelope.BootId = _bootId;
        envelope.Moment = (_sourceMicroseconds ?? _journalMicroseconds) / 1000;
        envelope.Clock = (_journalMicroseconds ?? _sourceMicroseconds) / 1000 % DayMilliseconds;
        envelope.Depth++;
        if (_transport == "audit" || (_transport is null && _auditType != 0))
        {
            envelope.Speakers = Speaker.Journal;
            envelope.Side = TwinSide.Journal;
            envelope.Type = _auditType;
            envelope.Stamp = _sourceMicroseconds / 1000;
            envelope.Serial = _auditId;
        }
        else if (_transport == "kernel")
        {
            envelope.Speakers = Speaker.Kernel;
            envelope.Side = TwinSide.Kernel;
        }
        else
        {
            envelope.Speakers = Speakers.Of(_command) & (Speaker.Audit | Speaker.Libvirt);
            envelope.ProcessId = envelope.Allows(Speaker.Libvirt) ? _processId : null;
        }

        if (_messages.Count == 0 && envelope.Type != 0)
        {
            envelope.Text = default;
            envelope.Start = 0;
            envelope.Defect = "the entry has no message (journalctl leaves out those over 4096 bytes; journalctl --all does not)";
            sink.OnEnvelope(envelope);
        }

        foreach (byte[] message in _messages)
        {
            envelope.Text = message;
            envelope.Start = envelope.Speakers == Speaker.Kernel ? KernelLog.TextBehind(message, 0) : 0;
            sink.OnEnvelope(envelope);
        }
    }

    private static long? ReadMicroseconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long microseconds, out int used) && used == value.Length && microseconds is >= 0 and < 253_402_300_800_000_000 ? microseconds : null;
}
