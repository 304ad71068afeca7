using LibvirtAudit.Audit;
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
    public static uint Find(SafeFileHandle file, long end)
    {
        byte[] buffer = new byte[BlockSize + Overlap];
        for (long start = end; start > 0;)
        {
            start = Math.Max(0, start - BlockSize);
            int length = WholeRead.At(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start)), start);
            ReadOnlySpan<byte> block = buffer.AsSpan(0, length);
            for (int stamp = block.LastIndexOf(Stamp); stamp >= 0; stamp = block.LastIndexOf(Stamp))
            {
                // One inside a text is a forgery: the header is the line's beginning.
                int line = block[..stamp].LastIndexOf((byte)'\n') + 1;
                if (EventHeader.TryRead(block, line, out EventHeader header) && header is { StampLength: > 0, Serial: <= uint.MaxValue } && header.StampStart == stamp + Stamp.Length)
                {
                    return (uint)header.Serial.Value;
                }

                block = block[..stamp];
            }
        }

        return 0;
    }
}
