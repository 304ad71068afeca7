namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>Writes lines to a stream, in their order or out of it: of the lines that wait any may be the next.</summary>
public sealed class LineOrder : IDisposable
{
    private readonly Stream _stream;
    private readonly Random _random;
    private readonly byte[][] _waiting;
    private int _count;

    /// <summary>Lets up to <paramref name="disorder"/> lines wait.</summary>
    public LineOrder(Stream stream, int disorder, Random random)
    {
        _stream = stream;
        _random = random;
        _waiting = new byte[disorder][];
    }

    /// <summary>Takes a line with its line feed.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_count < _waiting.Length)
        {
            _waiting[_count++] = line.ToArray();
        }
        else if (_count == 0)
        {
            _stream.Write(line);
        }
        else
        {
            int next = _random.Next(_count);
            _stream.Write(_waiting[next]);
            _waiting[next] = line.ToArray();
        }
    }

    /// <summary>Writes what waits and closes the stream.</summary>
    public void Dispose()
    {
        _random.Shuffle(_waiting.AsSpan(0, _count));
        foreach (byte[] line in _waiting.AsSpan(0, _count))
        {
            _stream.Write(line);
        }

        _stream.Dispose();
    }
}
