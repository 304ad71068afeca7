using System.Security.Cryptography;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// What stands before a place in a log, by which the log is known again: under another name, as a copy, compressed. The
/// number of a file says less, as it is given again once the file is gone.
/// </summary>
/// <param name="Length">How many bytes before the place it is of.</param>
/// <param name="Sha256">Their hash, in hexadecimal digits.</param>
internal sealed record Fingerprint(int Length, string Sha256)
{
    /// <summary>Enough to hold the stamp of a record, whose serial makes it unlike any other: the kernel's longest are below 10 KB.</summary>
    public const int LongestText = 16 * 1024;

    private const int SkipSize = 64 * 1024;

    /// <summary>The fingerprint of what stands before a place.</summary>
    public static Fingerprint Of(ReadOnlySpan<byte> text) => new(text.Length, Convert.ToHexStringLower(SHA256.HashData(text)));

    /// <summary>The text of which the fingerprint of a place in a log that can be read anywhere is made; null where the log no longer has it.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    public static byte[]? TextBefore(LogFile log, long offset)
    {
        byte[] text = new byte[(int)Math.Min(offset, LongestText)];
        return log.ReadPresent(offset - text.Length, text) == text.Length ? text : null;
    }

    /// <summary>The text before a place farther on by <paramref name="more"/>.</summary>
    public static byte[] Extend(byte[] text, ReadOnlySpan<byte> more) => more.Length >= LongestText
        ? more[^LongestText..].ToArray()
        : more.IsEmpty ? text : [.. text.AsSpan(Math.Max(0, text.Length + more.Length - LongestText)), .. more];

    /// <summary>Whether this is the fingerprint of the place at <paramref name="offset"/> of a log, which is read up to there if it can't be read anywhere.</summary>
    /// <exception cref="FaultException">LogReadFailed, ArchiveDamaged.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public bool IsOf(LogFile log, long offset, CancellationToken cancellation)
    {
        if (log.IsPositional)
        {
            return TextBefore(log, offset) is byte[] text && text.Length >= Length && Of(text.AsSpan(text.Length - Length)) == this;
        }

        byte[] tail = new byte[Length];
        byte[] buffer = new byte[SkipSize];
        while (log.Position < offset)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = log.Read(buffer.AsSpan(0, (int)Math.Min(SkipSize, offset - log.Position)));
            if (read == 0)
            {
                return false;
            }

            int kept = Math.Max(0, Length - read);
            tail.AsSpan(Length - kept).CopyTo(tail);
            buffer.AsSpan(Math.Max(0, read - Length), Math.Min(read, Length)).CopyTo(tail.AsSpan(kept));
        }

        return Of(tail) == this;
    }
}
