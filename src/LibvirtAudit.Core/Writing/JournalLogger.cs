using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Writing;

/// <summary>
/// Puts a record's body in systemd's journal as libvirt does with <c>audit_logging = 1</c>: over the journal's own
/// protocol, <c>success=yes</c> as information and <c>success=no</c> as a warning.
/// </summary>
internal sealed class JournalLogger : IDisposable
{
    /// <summary>Where the journal listens.</summary>
    public const string DefaultPath = "/run/systemd/journal/socket";

    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly ArrayBufferWriter<byte> _message = new(1024);
    private Socket? _socket;
    private bool _hasFailed;

    /// <summary>Logs to the socket at <paramref name="path"/>; where none is there, nowhere.</summary>
    public JournalLogger(string path, Action<string> warn)
    {
        _path = path;
        _warn = warn;
    }

    /// <summary>Logs one message; a journal that is there and does not take it is warned of once.</summary>
    /// <param name="success">Whether the record's result is success.</param>
    /// <param name="text">The message.</param>
    public void Log(bool success, ReadOnlySpan<byte> text)
    {
        if (_hasFailed || !File.Exists(_path))
        {
            return;
        }

        _message.ResetWrittenCount();
        WriteField("MESSAGE"u8, text);
        WriteField("PRIORITY"u8, success ? "6"u8 : "4"u8);
        WriteField("SYSLOG_IDENTIFIER"u8, "LibvirtAudit"u8);
        try
        {
            _socket ??= Connect();
            _socket.Send(_message.WrittenSpan);
        }
        catch (SocketException e)
        {
            _hasFailed = true;
            _warn(WriteNotices.JournalFailed(_path, e));
        }
    }

    public void Dispose() => _socket?.Dispose();

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(_path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The form with a length before the value: a line end in it can't begin another field then.</summary>
    private void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _message.Write(name);
        _message.Write("\n"u8);
        BinaryPrimitives.WriteUInt64LittleEndian(_message.GetSpan(sizeof(ulong)), (ulong)value.Length);
        _message.Advance(sizeof(ulong));
        _message.Write(value);
        _message.Write("\n"u8);
    }
}
