using System.Management.Automation;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Tells the state of auditing on this host: the kernel's, the daemon's, libvirt's, what this process may do, and whether
/// a record written now would be logged. What this user can't know is null, with the reason in Unknown.
/// </summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditStatus")]
[OutputType(typeof(VirtAuditStatus))]
public sealed class GetVirtAuditStatusCommand : VirtAuditCmdlet
{
    /// <summary>The folder with the configurations of libvirt's daemons.</summary>
    [Parameter(DontShow = true)]
    [ValidateNotNullOrEmpty]
    public string LibvirtConfigurationFolder { get; set; } = AuditPolicy.DefaultFolder;

    /// <summary>The folder with auditd's configuration, where the daemon that runs names no other.</summary>
    [Parameter(DontShow = true)]
    [ValidateNotNullOrEmpty]
    public string AuditdConfigurationFolder { get; set; } = "/etc/audit";

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(HostState.Find(AuditClient.Open, LibvirtConfigurationFolder, AuditdConfigurationFolder));
}
