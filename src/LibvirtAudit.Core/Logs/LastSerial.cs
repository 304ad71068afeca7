using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>Finds the serial of a log's last record.</summary>
internal static class LastSerial
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Longer than what stands before a record's text: type, node and stamp.</summary>
    private const int Overlap = 512;

    private static ReadOnlySpan<byte> Stamp => "msg=audit("u8;

    /// <summary>The serial of the last record with a whole stamp among the first <paramref name="end"/> bytes; 0 where there is none.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static uint Find(SafeFileHandle file, long end) => FindBackwards((buffer, offset) => WholeRead.At(file, buffer, offset), end);

    /// <summary>
    /// The serial of the last record in the logs that a rotation has moved aside from <paramref name="path"/>, compressed ones too; 0 where
    /// there is none, or none that can be read.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static uint FindRotated(string path, CancellationToken cancellation)
    {
        try
        {
            var set = RotationSet.Find(path);
            for (int i = set.Paths.Count - 1; i >= 0; i--)
            {
                if (set.Paths[i] != path && FindIn(set, i, cancellation) is uint serial and > 0)
                {
                    return serial;
                }
            }
        }
        catch (FaultException)
        {
            // What is not to be read can't be gone on from.
        }

        return 0;
    }

    private static uint FindIn(RotationSet set, int index, CancellationToken cancellation)
    {
        using LogFile log = set.Open(index, cancellation);
        if (log.IsPositional)
        {
            return FindBackwards((buffer, offset) => log.ReadPresent(offset, buffer), log.Length);
        }

        uint last = 0;
        byte[] buffer = new byte[BlockSize + Overlap];
        int kept = 0;
        try
        {
            for (int read; (read = log.Read(buffer.AsSpan(kept))) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> block = buffer.AsSpan(0, kept + read);
                last = TryFindLast(block, out uint serial) ? serial : last;
                block = block[^Math.Min(block.Length, Overlap)..];
                block.CopyTo(buffer);
                kept = block.Length;
            }
        }
        catch (FaultException)
        {
            // Of a damaged archive what came before the damage.
        }

        return last;
    }

    private static uint FindBackwards(BlockReader.ReadBytes read, long end)
    {
        byte[] buffer = new byte[BlockSize + Overlap];
        for (long start = end; start > 0;)
        {
            start = Math.Max(0, start - BlockSize);
            int length = read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start)), start);
            if (TryFindLast(buffer.AsSpan(0, length), out uint serial))
            {
                return serial;
            }
        }

        return 0;
    }

    private static bool TryFindLast(ReadOnlySpan<byte> block, out uint serial)
    {
        for (int stamp = block.LastIndexOf(Stamp); stamp >= 0; stamp = block.LastIndexOf(Stamp))
        {
            // One inside a text is a forgery: the header is the line's beginning.
            int line = block[..stamp].LastIndexOf((byte)'\n') + 1;
            if (EventHeader.TryRead(block, line, out EventHeader header) && header is { StampLength: > 0, Serial: <= uint.MaxValue }
                && header.StampStart == stamp + Stamp.Length)
            {
                serial = (uint)header.Serial.Value;
                return true;
            }

            block = block[..stamp];
        }

        serial = 0;
        return false;
    }
}
