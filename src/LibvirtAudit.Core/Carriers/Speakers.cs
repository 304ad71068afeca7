namespace LibvirtAudit.Carriers;

/// <summary>Whose words a message may be: what is looked for in it.</summary>
[Flags]
internal enum Speaker
{
    /// <summary>Nobody's who speaks for audit.</summary>
    None = 0,

    /// <summary>Records with their header, <c>type=TYPE msg=audit(…): …</c>: auditd, its dispatchers, what forwards its log.</summary>
    Audit = 1,

    /// <summary>The kernel's records, <c>type=NUMBER audit(…): …</c>, and its notices of loss.</summary>
    Kernel = 2,

    /// <summary>The records of the journal's audit transport, <c>NAME pid=… msg='…'</c>.</summary>
    Journal = 4,

    /// <summary>The messages of libvirt's daemons.</summary>
    Libvirt = 8,

    /// <summary>Whoever the text itself names as its writer, as syslog does before a message: a line of a log of many writers.</summary>
    Prefixed = 16,

    /// <summary>A container's text: KubeVirt's virt-launcher, where a document of its own says so.</summary>
    Pod = 32,

    /// <summary>Whoever wrote the log: the form has no writers, as audit.log itself.</summary>
    Any = Audit | Kernel | Libvirt,
}

/// <summary>
/// Who may speak for audit by the name that syslog, the journal or a container shows of a message's writer: the one rule, for
/// libvirt's records and for all others.
/// </summary>
internal static class Speakers
{
    private static readonly byte[][] Daemons =
    [
        "libvirtd"u8.ToArray(), "virtqemud"u8.ToArray(), "virtlxcd"u8.ToArray(), "virtxend"u8.ToArray(),
        "virtchd"u8.ToArray(), "virtbhyved"u8.ToArray(), "virtvzd"u8.ToArray(), "virtvboxd"u8.ToArray(),
    ];

    // auditd, its dispatchers, and the tags that guides for rsyslog's imfile, syslog-ng and SIEMs give to audit.log.
    private static readonly byte[][] Dispatchers =
    [
        "auditd"u8.ToArray(), "audispd"u8.ToArray(), "audisp"u8.ToArray(), "audisp-syslog"u8.ToArray(), "audisp-remote"u8.ToArray(),
        "audit_log"u8.ToArray(), "audit-log"u8.ToArray(), "auditlog"u8.ToArray(), "audit.log"u8.ToArray(), "auditd_log"u8.ToArray(), "auditd-log"u8.ToArray(),
        "tag_audit_log"u8.ToArray(), "tag_audit"u8.ToArray(), "tag_auditd"u8.ToArray(), "tag_auditd_log"u8.ToArray(), "tag-audit-log"u8.ToArray(),
        "linux_audit"u8.ToArray(), "linux-audit"u8.ToArray(), "linux_auditd"u8.ToArray(), "/var/log/audit/audit.log"u8.ToArray(),
    ];

    /// <summary>The names of the dispatchers, for the documentation.</summary>
    public static IEnumerable<string> DispatcherNames => Dispatchers.Select(System.Text.Encoding.ASCII.GetString);

    /// <summary>Whose words the messages of a program are, by its name or its unit's (<c>journalctl -o with-unit</c>).</summary>
    public static Speaker Of(ReadOnlySpan<byte> identifier)
    {
        bool isUnit = identifier.EndsWith(".service"u8);
        ReadOnlySpan<byte> name = isUnit ? identifier[..^".service".Length] : identifier;
        return name switch
        {
            _ when IsDaemon(name) => isUnit ? Speaker.Libvirt | Speaker.Journal : Speaker.Libvirt,
            _ when isUnit => name.SequenceEqual("auditd"u8) ? Speaker.Audit : Speaker.None,
            _ when name.SequenceEqual("audit"u8) => Speaker.Journal | Speaker.Audit,
            _ when name.SequenceEqual("kernel"u8) => Speaker.Kernel,
            _ when Contains(Dispatchers, name) => Speaker.Audit,
            _ => Speaker.None,
        };
    }

    /// <summary>What a writer that a message names may say, within what is allowed around it: a container's text names nobody.</summary>
    public static Speaker Within(Speaker outer, Speaker writer) => (outer & ~Speaker.Pod) == Speaker.None ? Speaker.None : writer;

    /// <summary>Whether <paramref name="identifier"/> is the program of one of libvirt's daemons that run guests.</summary>
    public static bool IsDaemon(ReadOnlySpan<byte> identifier) => Contains(Daemons, identifier);

    private static bool Contains(byte[][] names, ReadOnlySpan<byte> name)
    {
        foreach (byte[] known in names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
