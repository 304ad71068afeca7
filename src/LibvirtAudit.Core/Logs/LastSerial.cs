using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>Finds the serial of a log's last record.</summary>
internal static class LastSerial
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Longer than what stands before a record's text: type, node and stamp.</summary>
    private const int Overlap = 512;

    private const int LongestTime = 64;

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
                if (TryReadSerial(block[(stamp + Stamp.Length)..], out uint serial) && IsAtLineStart(block[..stamp]))
                {
                    return serial;
                }

                block = block[..stamp];
            }
        }

        return 0;
    }

    /// <summary>Only <c>type=</c> and perhaps <c>node=</c> stand before a record's stamp: one inside a text is a forgery.</summary>
    private static bool IsAtLineStart(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return !line.ContainsAny("'\""u8) && (line.StartsWith("type="u8) || line.StartsWith("node="u8));
    }

    private static bool TryReadSerial(ReadOnlySpan<byte> text, out uint serial)
    {
        serial = 0;
        int colon = text.IndexOf((byte)':');
        return colon is >= 0 and < LongestTime
            && Utf8Parser.TryParse(text[(colon + 1)..], out serial, out int length)
            && text[(colon + 1 + length)..].StartsWith(")"u8);
    }
}
