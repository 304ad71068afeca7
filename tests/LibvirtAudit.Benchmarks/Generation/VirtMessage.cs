namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>One message as libvirt sends it.</summary>
/// <param name="Type">The record's type, as auditd writes it.</param>
/// <param name="Body">The body, without libaudit's trailer.</param>
/// <param name="IsSuccess">Whether the trailer says <c>res=success</c>.</param>
public readonly record struct VirtMessage(string Type, string Body, bool IsSuccess = true);
