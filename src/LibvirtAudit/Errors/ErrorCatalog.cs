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
        FaultId.JournalUnavailable => (ErrorCategory.ObjectNotFound, "Install systemd's journalctl, or read a log with -Path. A journal that was copied is read where journalctl is installed."),
        FaultId.JournalAccessDenied => (ErrorCategory.PermissionDenied, "Run as root or as a member of the group systemd-journal or adm; a copied journal must be readable by this user."),
        FaultId.OtherLog => (ErrorCategory.InvalidOperation, "Name the log with -Path or -Journal. Get-VirtAuditStatus shows which is read without, and why."),
        FaultId.JournalReadFailed => (ErrorCategory.ReadError, "What was read before the failure has been given. Check the journal with: journalctl --verify."),
        FaultId.MalformedRecord => (ErrorCategory.InvalidData, "Look at the line with -IncludeMalformed, which gives what could be read of it. A record that was cut says that the writer died or the disk was full."),
        FaultId.UnreadLines => (ErrorCategory.InvalidData, "docs/carriers.md lists the forms that are read and who may write records in each. Export the log in one of them; of a journal, journalctl -o json or -o export."),
        FaultId.InvalidInputObject => (ErrorCategory.InvalidType, "Give records as Get-VirtAuditRecord and ConvertFrom-VirtAuditText write them, or files. Lines of text go through ConvertFrom-VirtAuditText."),
        FaultId.InvalidPattern => (ErrorCategory.InvalidArgument, "Escape what stands for itself: [WildcardPattern]::Escape(NAME) does it for a whole name."),
        FaultId.UnsupportedRecord => (ErrorCategory.InvalidOperation, "Read the record with -IncludeRawText to keep its text. To write it to the audit system, pipe it into the cmdlet of its type; what libvirt does not write is not written."),
        FaultId.MissingField => (ErrorCategory.InvalidArgument, "Give the value; the reference of the fields tells which a record needs: Get-Help about_LibvirtAudit."),
        FaultId.MisplacedField => (ErrorCategory.InvalidArgument, "Leave the parameter out, or give the resource type or operation that it belongs to; the message names what the record takes."),
        FaultId.InvalidFieldValue => (ErrorCategory.InvalidArgument, "Give the value in the form that the message names."),
        FaultId.UnsafeFieldValue => (ErrorCategory.InvalidArgument, "libvirt writes this field as it is, so a reader would be misled. Rename the object on the host, or leave the record out."),
        FaultId.MessageTooLong => (ErrorCategory.InvalidArgument, "Shorten the longest value. One with a blank, a quote or a character beyond ASCII takes two bytes for each of its own."),
        FaultId.AuditDisabled => (ErrorCategory.ResourceUnavailable, "Switch the host's audit on (auditctl -e 1, or remove audit=0 from the kernel's command line), or write to a file with -LogPath. Get-VirtAuditStatus shows the state."),
        FaultId.AuditUnsupported => (ErrorCategory.NotImplemented, "Run a kernel with audit (CONFIG_AUDIT), or write to a file with -LogPath."),
        FaultId.AuditPermissionDenied => (ErrorCategory.PermissionDenied, "Run as root or with the capability CAP_AUDIT_WRITE; a container needs --cap-add AUDIT_WRITE. With SELinux the domain needs nlmsg_relay of netlink_audit_socket. -LogPath writes to a file without any right."),
        FaultId.AuditRefused => (ErrorCategory.ConnectionError, "Write from the host's own user namespace: rootless containers and unshare -U have others. Else write to a file with -LogPath. Get-VirtAuditStatus shows the state."),
        FaultId.AuditTimeout => (ErrorCategory.OperationTimeout, "Look for the record in the log before writing it again. Get-VirtAuditStatus shows whether the kernel answers."),
        FaultId.AuditBufferFull => (ErrorCategory.LimitsExceeded, "Check that the audit daemon runs and its disk has room, or raise the limit (auditctl -b). Get-VirtAuditStatus shows the backlog."),
        FaultId.AuditSpoofedReply => (ErrorCategory.SecurityError, "A process with CAP_NET_ADMIN sends to other processes' audit sockets. Find it before trusting the host's trail."),
        FaultId.UnsafeLink => (ErrorCategory.SecurityError, "Give the path of the file itself, in a folder that only its owner may write to."),
        FaultId.LogWriteFailed => (ErrorCategory.WriteError, "Check the disk and the path. The file holds every record before this one, whole."),
        FaultId.LogFeedsPipeline => (ErrorCategory.InvalidOperation, "Nothing of the record is in the file. Give -LogPath another file, or keep the records in a variable before they are written."),
        FaultId.PlatformNotSupported => (ErrorCategory.NotImplemented, "Run this on the Linux host. Reading logs works everywhere."),
        FaultId.RecordsLost => (ErrorCategory.LimitsExceeded, "Keep more rotated logs (num_logs in auditd.conf), rotate by renaming instead of copying, or read faster. What the log still holds can be read from it."),
        FaultId.RepeatsUnknown => (ErrorCategory.LimitsExceeded, "Give each log once, oldest first, or fewer of them at once."),
        FaultId.BookmarkDamaged => (ErrorCategory.InvalidData, "Nothing was read and the file was left as it is. Remove it to begin anew, or give another path."),
        FaultId.BookmarkForeign => (ErrorCategory.InvalidOperation, "Nothing was read and the file was left as it is. Give each set of logs a bookmark of its own, in a folder that only its owner may write to."),
        FaultId.BookmarkInUse => (ErrorCategory.ResourceBusy, "Wait until the other command has ended, or give each its own bookmark. A schedule that begins the next run before the last one ended meets this, and loses nothing by it."),
        FaultId.BookmarkGap => (ErrorCategory.ObjectNotFound, "Read more often than the logs are rotated away, or keep more of them (num_logs in auditd.conf)."),
        FaultId.BookmarkAccessDenied => (ErrorCategory.PermissionDenied, "Give a path in a folder that this user may write to: the bookmark is written anew beside the old one and put in its place."),
        FaultId.WatchPermissionDenied => (ErrorCategory.PermissionDenied, "Run as root or with the capability CAP_AUDIT_READ; a container needs --cap-add AUDIT_READ and the host's network namespace. Where auditd runs, Get-VirtAuditRecord -Wait follows its log with the right to read it."),
        FaultId.WatchNamespace => (ErrorCategory.PermissionDenied, "Run it on the host, or in a container with the host's network and user namespace (--network host). Get-VirtAuditRecord -Wait follows a log from anywhere."),
        FaultId.AssertionFailed => (ErrorCategory.InvalidResult, "Compare what was found with what was wanted. Records take a moment to be written: -Within waits for them. Get-VirtAuditStatus shows whether the host logs them at all."),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, null),
    };
}
