using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>Reads of which a part is not enough: a system call may always give fewer bytes than there are.</summary>
internal static class WholeRead
{
    /// <summary>Reads until <paramref name="buffer"/> is full or the file ends; gives how many bytes there were.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public static int At(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        int count = 0;
        for (int read; count < buffer.Length && (read = RandomAccess.Read(file, buffer[count..], offset + count)) > 0; count += read)
        {
        }

        return count;
    }
}
