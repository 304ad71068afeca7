namespace LibvirtAudit.Logs;

/// <summary>What the first bytes of a log look like.</summary>
internal enum TextForm
{
    /// <summary>Text of bytes, as a log is.</summary>
    Bytes,

    /// <summary>Not like text; yet a log may begin with the NULs that a crash left in it.</summary>
    Binary,

    /// <summary>Text, two or four bytes a character: no record can be found in it.</summary>
    WideCharacters,
}
