using System.IO.Compression;

namespace LibvirtAudit.Logs;

/// <summary>
/// A gzip file's bytes with one more member behind them, the mark. Only behind a whole member does the decompressor come to
/// see the mark as what it is: that it comes out shows that the file was not cut off.
/// </summary>
internal sealed class EndMarkedStream(RawStream inner) : ForwardStream
{
    private static readonly byte[] MarkMember = Compress(Mark);
    private int _given;

    /// <summary>What the mark decompresses to.</summary>
    public static ReadOnlySpan<byte> Mark => "the end of the gzip file\0"u8;

    /// <summary>Whether the file's own bytes were all given, and some of the mark's.</summary>
    public bool IsMarkGiven => _given > 0;

    /// <summary>How many bytes of the file were given.</summary>
    public long SourcePosition => inner.SourcePosition;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = IsMarkGiven ? 0 : inner.Read(buffer);
        if (read > 0)
        {
            return read;
        }

        read = Math.Min(buffer.Length, MarkMember.Length - _given);
        MarkMember.AsSpan(_given, read).CopyTo(buffer);
        _given += read;
        return read;
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return result.ToArray();
    }
}
