namespace LibvirtAudit.Logs;

/// <summary>
/// Tells how a file is compressed from its first bytes; its name may say anything. Sources: RFC 1952 §2.3.1, the xz file
/// format §2.1.1.1, RFC 8878 §3.1.1 and §3.1.2 (pzstd begins its files with a skippable frame), bzip2's manual.
/// </summary>
internal static class CompressionDetector
{
    /// <summary>How many bytes at most must be seen.</summary>
    public const int NeededBytes = 10;

    /// <summary>How the file that begins with <paramref name="head"/> is compressed.</summary>
    public static Compression Detect(ReadOnlySpan<byte> head) => head switch
    {
        // Two bytes do: a gzip file that was cut after them is a damaged archive, not a text.
        [0x1F, 0x8B, ..] => Compression.Gzip,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Compression.Xz,
        [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Compression.Zstd,

        // Behind the level comes the number that begins a block (the first digits of pi) or, in an empty file, the end.
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] or
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Compression.Bzip2,
        _ => Compression.None,
    };
}
