using System.IO.Compression;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// The decompressed bytes of a gzip file, of several members too. <see cref="GZipStream"/> takes a file that was cut off for
/// one that ended, passes over whatever follows the last member, and keeps the bytes before a damaged place to itself; all
/// three are made good here.
/// </summary>
internal sealed class GzipSource : IByteSource
{
    /// <summary>How much is asked for at once: what a damage in a pipe, which can't be read again, may cost.</summary>
    private const int Piece = 4096;

    private const string Invalid = "the data is not valid or its checksum is wrong";

    private readonly RawFile _file;
    private readonly ReadOnlyMemory<byte> _head;
    private EndMarkedStream _input;
    private GZipStream _gzip;
    private long _position;
    private int _piece = Piece;
    private bool _ended;

    /// <summary>Begins to read <paramref name="file"/>, of which <paramref name="head"/> was already read.</summary>
    public GzipSource(RawFile file, ReadOnlyMemory<byte> head)
    {
        _file = file;
        _head = head;
        (_input, _gzip) = Begin();
    }

    /// <inheritdoc/>
    public long SourcePosition => _input.SourcePosition;

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        buffer = buffer[..Math.Min(buffer.Length, _piece)];
        int read;
        try
        {
            read = _gzip.Read(buffer);
        }
        catch (InvalidDataException) when (_input.IsMarkGiven)
        {
            throw CutOff();
        }
        catch (InvalidDataException e)
        {
            return ReadUpToDamage(buffer, e);
        }

        if (_input.IsMarkGiven)
        {
            return IsMark(buffer[..read]) ? End() : throw CutOff();
        }

        if (read == 0)
        {
            throw Damaged("what follows is not gzip data");
        }

        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _gzip.Dispose();

    private (EndMarkedStream Input, GZipStream Gzip) Begin()
    {
        var input = new EndMarkedStream(new RawStream(_file, _head));
        return (input, new GZipStream(input, CompressionMode.Decompress));
    }

    private int End()
    {
        _ended = true;
        return 0;
    }

    /// <summary>Decompresses once more up to where it failed and goes on from there byte by byte, so that none is lost.</summary>
    private int ReadUpToDamage(Span<byte> buffer, InvalidDataException cause)
    {
        if (_piece == 1 || !_file.IsRegular)
        {
            throw Damaged(Invalid, cause);
        }

        _gzip.Dispose();
        (_input, _gzip) = Begin();
        Skip(_position, cause);
        _piece = 1;
        return Read(buffer);
    }

    // What was read before is not there any more where somebody writes over the file meanwhile.
    private void Skip(long count, InvalidDataException cause)
    {
        Span<byte> skipped = stackalloc byte[Piece];
        try
        {
            while (count > 0)
            {
                int read = _gzip.Read(skipped[..(int)Math.Min(count, Piece)]);
                count = read > 0 ? count - read : throw cause;
            }
        }
        catch (InvalidDataException)
        {
            throw Damaged(Invalid, cause);
        }
    }

    private bool IsMark(ReadOnlySpan<byte> begun)
    {
        Span<byte> seen = stackalloc byte[EndMarkedStream.Mark.Length + Piece];
        begun.CopyTo(seen);
        int count = begun.Length;
        try
        {
            for (int read; count <= EndMarkedStream.Mark.Length && (read = _gzip.Read(seen[count..])) > 0; count += read)
            {
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        return seen[..count].SequenceEqual(EndMarkedStream.Mark);
    }

    private FaultException CutOff() => Damaged("it ends in the middle");

    private FaultException Damaged(string detail, Exception? cause = null) => new(LogFaults.ArchiveDamaged(_file.Path, _position, detail, cause));
}
