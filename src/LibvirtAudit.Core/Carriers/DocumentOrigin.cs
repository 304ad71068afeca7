using System.Buffers;

namespace LibvirtAudit.Carriers;

/// <summary>
/// Whose words the text of a document may be, by what the document says of where it is from. What a file of audit's or of libvirt's
/// holds are their words, what a container or another program wrote is nobody's audit record, and where nothing is
/// said the text is taken as a line of a log.
/// </summary>
internal static class DocumentOrigin
{
    private const Speaker All = Speaker.Any | Speaker.Journal | Speaker.Prefixed | Speaker.Pod;

    private static readonly SearchValues<byte> WordEnds = SearchValues.Create("._-:/ "u8);

    // Servers whose own logs hold what strangers send them.
    private static readonly HashSet<string> OtherServices = new(StringComparer.OrdinalIgnoreCase)
    {
        "nginx", "apache", "apache2", "httpd", "access", "iis", "haproxy", "traefik", "envoy", "tomcat", "squid", "lighttpd", "caddy",
        "mysql", "mariadb", "postgresql", "redis", "mongodb", "kafka", "nodejs", "php", "sshd",
    };

    private static readonly string[] SyslogFiles =
    [
        "messages", "syslog", "kern", "journal", "daemon", "user", "secure", "auth", "system", "everything", "all", "remote", "dmesg",
        "kmsg", "boot",
    ];

    /// <summary>Whose words the text of the innermost document is, at most those that <paramref name="outer"/> allows.</summary>
    public static Speaker Of(JsonFields fields, Speaker outer)
    {
        Speaker said = All;
        bool isContainer = false, isKnownFile = false, isNamed = false;
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields.KindOf(i) != JsonKind.String || (i >= fields.First && IsOfMessage(fields, i)))
            {
                continue;
            }

            ReadOnlySpan<byte> path = fields.PathOf(i), value = fields.ValueOf(i);
            isContainer |= path.StartsWith("kubernetes."u8) || path.StartsWith("k8s."u8) || path.StartsWith("container."u8)
                || path.StartsWith("docker."u8);
            switch (DocumentNames.Find(path).Name)
            {
                case DocumentName.File when OfFile(value) is Speaker file:
                    said &= file;
                    isKnownFile |= (file & Speaker.Audit) != 0;
                    break;
                case DocumentName.Stream:
                    isContainer |= value.SequenceEqual("stdout"u8) || value.SequenceEqual("stderr"u8);
                    break;
                case DocumentName.Pod:
                    isContainer = true;
                    said &= value.StartsWith("virt-launcher-"u8) ? said : ~Speaker.Pod;
                    break;
                case DocumentName.Container:
                    isContainer = true;
                    said &= value.SequenceEqual("compute"u8) || value.StartsWith("k8s_compute_virt-launcher-"u8) ? said : ~Speaker.Pod;
                    break;
                case DocumentName.Program when !value.IsEmpty:
                    isNamed = true;
                    said &= Speakers.Of(ProgramOf(value)) is var program && program != Speaker.None ? program | Speaker.Prefixed
                        : Speaker.None;
                    break;
                case DocumentName.Service when IsOther(value):
                    return Speaker.None;
            }
        }

        // The words of the journal's audit transport only where a program is named that writes them.
        said = isContainer && !isKnownFile ? said & Speaker.Pod : isNamed ? said : said & ~Speaker.Journal;
        return said & (outer == Speaker.Any ? All : outer);
    }

    // The text itself may hold anything.
    private static bool IsOfMessage(JsonFields fields, int index) => DocumentNames.Find(fields.PathOf(index)).Name == DocumentName.Message;

    // 'audispd', 'audispd[812]:' as rsyslog's syslogtag has it, '/usr/sbin/libvirtd'.
    private static ReadOnlySpan<byte> ProgramOf(ReadOnlySpan<byte> value)
    {
        value = value.TrimEnd((byte)':');
        int open = value.IndexOf((byte)'[');
        return open > 0 ? value[..open] : value;
    }

    private static bool IsOther(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOfAny(WordEnds);
        string word = System.Text.Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
        return OtherServices.Contains(word);
    }

    // Null where the value says nothing of a file: a host, a port.
    private static Speaker? OfFile(ReadOnlySpan<byte> value)
    {
        string path = System.Text.Encoding.UTF8.GetString(value).Replace('\\', '/');
        if (!path.StartsWith('/') && !path.StartsWith("file:", StringComparison.Ordinal)
            && !path.Contains(".log", StringComparison.Ordinal))
        {
            return path switch
            {
                "stdout" or "stderr" => Speaker.Pod,
                "journald" or "journal" or "syslog" or "systemd" => Speaker.Prefixed,
                "kernel" or "kmsg" or "dmesg" => Speaker.Kernel | Speaker.Prefixed,
                _ => null,
            };
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return null;
        }

        string folder = parts.Length > 1 ? parts[^2] : "", stem = parts[^1].Split('.', '-', '_')[0];
        return Array.Exists(parts, part => part is "containers" or "pods" or "docker") ? OfContainerFile(path)
            : Array.Exists(parts, OtherServices.Contains) ? Speaker.None
            : stem is "audit" or "auditd" or "auditlog" || Array.IndexOf(parts, "audit", 0, parts.Length - 1) >= 0
                ? Speaker.Any | Speaker.Prefixed
            : Speakers.IsDaemon(System.Text.Encoding.UTF8.GetBytes(stem)) ? Speaker.Libvirt
            : stem is "kern" or "dmesg" or "kmsg" ? Speaker.Kernel | Speaker.Prefixed
            : Array.IndexOf(SyslogFiles, stem) >= 0 || folder is "journal" ? Speaker.Prefixed
            : Speaker.None;
    }

    private static Speaker OfContainerFile(string path)
    {
        bool isNamed = path.Contains("/pods/", StringComparison.Ordinal) || path.Contains("/log/containers/", StringComparison.Ordinal);
        bool isLauncher = path.Contains("virt-launcher-", StringComparison.Ordinal) && path.Contains("compute", StringComparison.Ordinal);
        return !isNamed || isLauncher ? Speaker.Pod : Speaker.None;
    }
}
