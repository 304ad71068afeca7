namespace LibvirtAudit.Faults;

/// <summary>The failures that the module reports, under the ids that its error records carry. docs/errors.md explains each.</summary>
public enum FaultId
{
    /// <summary>No file has that path.</summary>
    PathNotFound,

    /// <summary>The path is of another PowerShell provider.</summary>
    PathNotFileSystem,

    /// <summary>The path is a folder.</summary>
    PathIsDirectory,

    /// <summary>The log may not be read by this user.</summary>
    LogAccessDenied,

    /// <summary>Reading stopped in the middle.</summary>
    LogReadFailed,

    /// <summary>The file is not text.</summary>
    LogNotText,

    /// <summary>The compressed file is damaged or cut off.</summary>
    ArchiveDamaged,

    /// <summary>The program that decompresses the file is not installed.</summary>
    DecompressorMissing,

    /// <summary>A line says that it is a virtualization record, but does not parse as one.</summary>
    MalformedRecord,

    /// <summary>An input object is of a kind that the cmdlet does not take.</summary>
    InvalidInputObject,

    /// <summary>A record that the cmdlet cannot turn into what is asked for.</summary>
    UnsupportedRecord,

    /// <summary>A record lacks a value that its kind always has.</summary>
    MissingField,
}
