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

    /// <summary>There is no journal here, or no program to read one.</summary>
    JournalUnavailable,

    /// <summary>The journal may not be read by this user.</summary>
    JournalAccessDenied,

    /// <summary>Two logs of this host hold records, of which one is read.</summary>
    OtherLog,

    /// <summary>Reading a journal failed, or part of it was passed over.</summary>
    JournalReadFailed,

    /// <summary>A line says that it is a virtualization record, but does not parse as one.</summary>
    MalformedRecord,

    /// <summary>Lines with the marks of records, in a form that is not read.</summary>
    UnreadLines,

    /// <summary>An input object is of a kind that the cmdlet does not take.</summary>
    InvalidInputObject,

    /// <summary>A filter's wildcard pattern that is none.</summary>
    InvalidPattern,

    /// <summary>A record that the cmdlet cannot turn into what is asked for.</summary>
    UnsupportedRecord,

    /// <summary>A record lacks a value that its kind always has.</summary>
    MissingField,

    /// <summary>A value belongs to a field that the record's kind does not have.</summary>
    MisplacedField,

    /// <summary>A value is not what its field holds: a MAC address, a count, …</summary>
    InvalidFieldValue,

    /// <summary>A value would break out of its field, which is written as it is.</summary>
    UnsafeFieldValue,

    /// <summary>The kernel would cut the text.</summary>
    MessageTooLong,

    /// <summary>The host's audit is switched off, and it was said that it must not be.</summary>
    AuditDisabled,

    /// <summary>The kernel has no audit.</summary>
    AuditUnsupported,

    /// <summary>The process may not do that with the host's audit.</summary>
    AuditPermissionDenied,

    /// <summary>The kernel's audit does not answer here, or refused the record.</summary>
    AuditRefused,

    /// <summary>The kernel did not answer in time.</summary>
    AuditTimeout,

    /// <summary>The kernel has no room for another record.</summary>
    AuditBufferFull,

    /// <summary>A reply came from another process than the kernel.</summary>
    AuditSpoofedReply,

    /// <summary>A link stands where anybody could have planted it.</summary>
    UnsafeLink,

    /// <summary>A log could not be written.</summary>
    LogWriteFailed,

    /// <summary>The log that would be written feeds the same pipeline.</summary>
    LogFeedsPipeline,

    /// <summary>The host is not Linux.</summary>
    PlatformNotSupported,

    /// <summary>Records that could not be read any more, or that the kernel had no room for.</summary>
    RecordsLost,

    /// <summary>Whether records were given before is not known.</summary>
    RepeatsUnknown,

    /// <summary>The file is no bookmark, or what is left of one.</summary>
    BookmarkDamaged,

    /// <summary>The bookmark is of other logs, of another version, or of somebody else.</summary>
    BookmarkForeign,

    /// <summary>Another command reads with the bookmark at the same time.</summary>
    BookmarkInUse,

    /// <summary>The place that the bookmark names is in no log any more.</summary>
    BookmarkGap,

    /// <summary>The bookmark may not be read or written by this user.</summary>
    BookmarkAccessDenied,

    /// <summary>The process may not receive the kernel's records live.</summary>
    WatchPermissionDenied,

    /// <summary>The process is in a namespace where the kernel's records do not come.</summary>
    WatchNamespace,

    /// <summary>The records that were asserted are not there.</summary>
    AssertionFailed,
}
