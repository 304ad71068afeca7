namespace LibvirtAudit.Logs;

/// <summary>What can be done with a file.</summary>
internal enum FileKind
{
    /// <summary>It can be read at any offset.</summary>
    Regular,

    /// <summary>It can be read from front to end, once: a pipe, a terminal, a device.</summary>
    Stream,

    /// <summary>It is a folder.</summary>
    Folder,
}
