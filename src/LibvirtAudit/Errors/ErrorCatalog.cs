using System.Management.Automation;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Errors;

/// <summary>What PowerShell is told of each failure beside its message: the category, and what to do about it.</summary>
internal static class ErrorCatalog
{
    /// <summary>The error record of <paramref name="fault"/>.</summary>
    public static ErrorRecord ToErrorRecord(this Fault fault)
    {
        (ErrorCategory category, string advice) = Describe(fault.Id);
        return new ErrorRecord(new FaultException(fault), fault.Id.ToString(), category, fault.Target)
        {
            ErrorDetails = new ErrorDetails(fault.Message) { RecommendedAction = advice },
        };
    }

    /// <summary>The category of a failure, and the advice that goes with it.</summary>
    public static (ErrorCategory Category, string Advice) Describe(FaultId id) => id switch
    {
        FaultId.PathNotFound => (ErrorCategory.ObjectNotFound, "Check the path. Rotated logs end in .1, .2 and so on; a wildcard such as /var/log/audit/audit.log* reads them all."),
        FaultId.PathNotFileSystem => (ErrorCategory.InvalidArgument, "Give a path of the file system."),
        FaultId.PathIsDirectory => (ErrorCategory.InvalidArgument, "Give a file, or a wildcard for the files in the folder."),
        FaultId.LogAccessDenied => (ErrorCategory.PermissionDenied, "Run as root, as a member of the group that log_group in auditd.conf names, or with the capability CAP_DAC_READ_SEARCH."),
        FaultId.LogReadFailed => (ErrorCategory.ReadError, "What was read before the failure has been given. Check the disk and read the file again."),
        FaultId.LogNotText => (ErrorCategory.InvalidData, "Give a text log. A file in UTF-16 can be rewritten with: Get-Content FILE | Set-Content -Encoding utf8 COPY."),
        FaultId.ArchiveDamaged => (ErrorCategory.InvalidData, "What could be decompressed has been read. Fetch the archive again from where it came."),
        FaultId.DecompressorMissing => (ErrorCategory.NotInstalled, "Install the program with the system's package manager, or decompress the file elsewhere."),
        FaultId.MalformedRecord => (ErrorCategory.InvalidData, "Look at the line with -IncludeMalformed, which gives what could be read of it. A record that was cut says that the writer died or the disk was full."),
        FaultId.InvalidInputObject => (ErrorCategory.InvalidType, "Give records as Get-VirtAuditRecord and ConvertFrom-VirtAuditText write them, or files. Lines of text go through ConvertFrom-VirtAuditText."),
        FaultId.UnsupportedRecord => (ErrorCategory.InvalidOperation, "Read the record with -IncludeRawText to keep its text."),
        FaultId.MissingField => (ErrorCategory.InvalidArgument, "Give the value; the reference of the fields tells which a record needs: Get-Help about_LibvirtAudit."),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, null),
    };
}
