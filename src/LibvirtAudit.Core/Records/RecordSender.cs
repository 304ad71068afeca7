namespace LibvirtAudit.Records;

/// <summary>
/// Who wrote a record, as the kernel and libaudit state it around the body. One daemon writes thousands of records, which
/// share one of these; it never changes.
/// </summary>
internal sealed record RecordSender
{
    /// <summary>The sender of whom nothing is known.</summary>
    public static RecordSender Unknown { get; } = new();

    /// <inheritdoc cref="VirtAuditRecord.ProcessId"/>
    public int? ProcessId { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.UserId"/>
    public uint? UserId { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.UserName"/>
    public string? UserName { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.LoginUserId"/>
    public uint? LoginUserId { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.LoginUserName"/>
    public string? LoginUserName { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.SessionId"/>
    public uint? SessionId { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.Subject"/>
    public string? Subject { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.Executable"/>
    public string? Executable { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.HostName"/>
    public string? HostName { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.Address"/>
    public string? Address { get; init; }

    /// <inheritdoc cref="VirtAuditRecord.Terminal"/>
    public string? Terminal { get; init; }
}
