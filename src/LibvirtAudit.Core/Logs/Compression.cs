namespace LibvirtAudit.Logs;

/// <summary>How a file is compressed.</summary>
public enum Compression
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>gzip, RFC 1952; read by the runtime.</summary>
    Gzip,

    /// <summary>xz; read through the program <c>xz</c>.</summary>
    Xz,

    /// <summary>Zstandard, RFC 8878; read through the program <c>zstd</c>.</summary>
    Zstd,

    /// <summary>bzip2; read through the program <c>bzip2</c>.</summary>
    Bzip2,
}
