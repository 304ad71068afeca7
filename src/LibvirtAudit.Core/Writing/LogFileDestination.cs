using System.Buffers;
using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Writing;

/// <summary>Appends records to a file, in the form that they have in <c>audit.log</c>.</summary>
internal sealed class LogFileDestination : IRecordDestination
{
    private readonly string _path;
    private readonly AuditLogAppender _appender;
    private readonly TimeProvider _clock;
    private readonly byte[] _sender;
    private readonly ArrayBufferWriter<byte> _lines = new(1024);

    /// <summary>Appends to the file at <paramref name="fullPath"/> in the name of <paramref name="identity"/>.</summary>
    public LogFileDestination(string fullPath, SenderIdentity identity, TimeProvider clock)
    {
        _path = fullPath;
        _appender = new AuditLogAppender(fullPath);
        _clock = clock;
        _sender = ByteText.GetBytes(Describe(identity));
    }

    public void Write(IReadOnlyList<PreparedRecord> records, int level, CancellationToken cancellation)
    {
        long stamp = 0;
        uint first = _appender.Append(
            records.Count,
            serial =>
            {
                // Under the lock, so that stamps rise with serials.
                stamp = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                return Compose(records, stamp, serial);
            },
            cancellation);
        for (int i = 0; i < records.Count; i++)
        {
            records[i].Confirm(new Receipt(true, stamp, unchecked(first + (uint)i), _path));
        }
    }

    public void Complete(CancellationToken cancellation)
    {
    }

    public void Dispose() => _appender.Dispose();

    // What stands between a line's serial and its text.
    private static string Describe(SenderIdentity identity)
    {
        string label = identity.Subject is null ? "" : " subj=" + identity.Subject;
        return string.Create(CultureInfo.InvariantCulture, $"): pid={identity.ProcessId} uid={identity.UserId} auid={identity.LoginUserId} ses={identity.SessionId}{label} msg='");
    }

    private ReadOnlyMemory<byte> Compose(IReadOnlyList<PreparedRecord> records, long stamp, uint first)
    {
        _lines.ResetWrittenCount();
        for (int i = 0; i < records.Count; i++)
        {
            PreparedRecord prepared = records[i];
            _lines.Write("type="u8);
            ByteText.Write(prepared.Record.RecordType, _lines);
            _lines.Write(" msg=audit("u8);
            (long seconds, long milliseconds) = Math.DivRem(stamp, 1000);
            ByteText.Write(seconds, _lines);
            _lines.Write("."u8);
            ByteText.Write(milliseconds, _lines, "D3");
            _lines.Write(":"u8);
            ByteText.Write(unchecked(first + (uint)i), _lines);
            _lines.Write(_sender);
            _lines.Write(prepared.Text.Span);
            _lines.Write("'\n"u8);
        }

        return _lines.WrittenMemory;
    }
}
