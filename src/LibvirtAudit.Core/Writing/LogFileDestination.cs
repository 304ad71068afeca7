using System.Buffers;
using System.Globalization;
using System.Text;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Writing;

/// <summary>Appends records to a file, in the form that they have in <c>audit.log</c>.</summary>
internal sealed class LogFileDestination : IRecordDestination
{
    private readonly string _path;
    private readonly AuditLogAppender _appender;
    private readonly TimeProvider _clock;
    private readonly byte[] _identity;
    private readonly ArrayBufferWriter<byte> _line = new(1024);

    /// <summary>Appends to the file at <paramref name="fullPath"/> in the name of <paramref name="identity"/>.</summary>
    public LogFileDestination(string fullPath, SenderIdentity identity, TimeProvider clock)
    {
        _path = fullPath;
        _appender = new AuditLogAppender(fullPath);
        _clock = clock;
        _identity = ByteText.GetBytes(Describe(identity));
    }

    public Receipt Write(int type, ReadOnlyMemory<byte> text, int level, CancellationToken cancellation)
    {
        long stamp = 0;
        uint serial = _appender.Append(
            next =>
            {
                // Under the lock, so that stamps rise with serials.
                stamp = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                return Compose(type, stamp, next, text.Span);
            },
            cancellation);
        return new Receipt(true, stamp, serial, _path);
    }

    public void Complete(CancellationToken cancellation)
    {
    }

    public void Dispose() => _appender.Dispose();

    private static string Describe(SenderIdentity identity)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"pid={identity.ProcessId} uid={identity.UserId} auid={identity.LoginUserId} ses={identity.SessionId}");
        return (identity.Subject is null ? text : text.Append(" subj=").Append(identity.Subject)).ToString();
    }

    private ReadOnlyMemory<byte> Compose(int type, long stamp, uint serial, ReadOnlySpan<byte> text)
    {
        _line.ResetWrittenCount();
        _line.Write("type="u8);
        ByteText.Write(RecordTypes.GetName(type), _line);
        _line.Write(" msg=audit("u8);
        (long seconds, long milliseconds) = Math.DivRem(stamp, 1000);
        ByteText.Write(seconds, _line);
        _line.Write("."u8);
        ByteText.Write(milliseconds, _line, "D3");
        _line.Write(":"u8);
        ByteText.Write(serial, _line);
        _line.Write("): "u8);
        _line.Write(_identity);
        _line.Write(" msg='"u8);
        _line.Write(text);
        _line.Write("'\n"u8);
        return _line.WrittenMemory;
    }
}
