namespace LibvirtAudit.Format;

/// <summary>The properties of <see cref="Records.VirtAuditRecord"/> that a field of a record's body or trailer fills, under the property's name.</summary>
public enum RecordField
{
    /// <summary><c>virt</c></summary>
    Driver,

    /// <summary><c>vm</c></summary>
    VMName,

    /// <summary><c>uuid</c></summary>
    Uuid,

    /// <summary><c>op</c></summary>
    Operation,

    /// <summary><c>resrc</c></summary>
    ResourceType,

    /// <summary><c>reason</c></summary>
    Reason,

    /// <summary><c>old-*</c></summary>
    OldValue,

    /// <summary><c>new-*</c></summary>
    NewValue,

    /// <summary><c>bus</c></summary>
    Bus,

    /// <summary><c>device</c></summary>
    Device,

    /// <summary><c>disk</c></summary>
    HostDisk,

    /// <summary><c>chardev</c></summary>
    HostChardev,

    /// <summary><c>net</c></summary>
    MacAddress,

    /// <summary><c>path</c></summary>
    DevicePath,

    /// <summary><c>rdev</c></summary>
    DeviceNumber,

    /// <summary><c>cgroup</c></summary>
    Cgroup,

    /// <summary><c>class</c></summary>
    CgroupClass,

    /// <summary><c>category</c></summary>
    Category,

    /// <summary><c>maj</c></summary>
    Major,

    /// <summary><c>acl</c></summary>
    Access,

    /// <summary><c>size</c></summary>
    Size,

    /// <summary><c>vm-pid</c></summary>
    VMProcessId,

    /// <summary><c>init-pid</c></summary>
    InitProcessId,

    /// <summary><c>pid-ns</c></summary>
    PidNamespace,

    /// <summary><c>model</c></summary>
    Model,

    /// <summary><c>vm-ctx</c></summary>
    VMContext,

    /// <summary><c>img-ctx</c></summary>
    ImageContext,

    /// <summary><c>exe</c></summary>
    Executable,

    /// <summary><c>hostname</c></summary>
    HostName,

    /// <summary><c>addr</c></summary>
    Address,

    /// <summary><c>terminal</c></summary>
    Terminal,

    /// <summary><c>res</c></summary>
    Result,
}
