namespace LibvirtAudit.Records;

/// <summary>
/// The fields that few kinds of records have. A record that has none of them takes no room for them: most records of a log
/// are such, and what a record takes decides how fast a log is read.
/// </summary>
internal sealed class RecordDetails
{
    /// <summary>Stands for none; nothing but null is ever written to it.</summary>
    public static RecordDetails None { get; } = new();

    /// <inheritdoc cref="VirtAuditRecord.Bus"/>
    public string? Bus { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Device"/>
    public string? Device { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.HostDisk"/>
    public string? HostDisk { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.HostChardev"/>
    public string? HostChardev { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.MacAddress"/>
    public string? MacAddress { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.DevicePath"/>
    public string? DevicePath { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.DeviceNumber"/>
    public string? DeviceNumber { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Cgroup"/>
    public string? Cgroup { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.CgroupClass"/>
    public string? CgroupClass { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Category"/>
    public string? Category { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Major"/>
    public string? Major { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Access"/>
    public string? Access { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Size"/>
    public ulong? Size { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.InitProcessId"/>
    public long? InitProcessId { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.PidNamespace"/>
    public ulong? PidNamespace { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.Model"/>
    public string? Model { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.VMContext"/>
    public string? VMContext { get; set; }

    /// <inheritdoc cref="VirtAuditRecord.ImageContext"/>
    public string? ImageContext { get; set; }
}
