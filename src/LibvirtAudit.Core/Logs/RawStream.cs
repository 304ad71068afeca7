namespace LibvirtAudit.Logs;

/// <summary>A file's bytes from front to end. What of a pipe was already read to look at comes first.</summary>
internal sealed class RawStream(RawFile file, ReadOnlyMemory<byte> head) : ForwardStream, IByteSource
{
    private ReadOnlyMemory<byte> _head = head;
    private long _position;

    /// <inheritdoc/>
    public long SourcePosition => Volatile.Read(ref _position);

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The reading was cancelled or stopped. A decompressor asks on and on for archives that hold nothing.</exception>
    public override int Read(Span<byte> buffer)
    {
        file.ThrowIfStopped();
        int read = Math.Min(_head.Length, buffer.Length);
        if (read > 0)
        {
            _head.Span[..read].CopyTo(buffer);
            _head = _head[read..];
        }
        else
        {
            read = file.IsRegular
                ? file.ReadAt(_position, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, file.End - _position))])
                : file.ReadOn(_position, buffer);
        }

        Volatile.Write(ref _position, _position + read);
        return read;
    }
}
