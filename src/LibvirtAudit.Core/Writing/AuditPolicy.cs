using LibvirtAudit.Faults;

namespace LibvirtAudit.Writing;

/// <summary>How libvirt on this host audits, by the configuration of the daemon that runs guests of a driver.</summary>
internal static class AuditPolicy
{
    /// <summary>Where libvirt's daemons have their configurations.</summary>
    public const string DefaultFolder = "/etc/libvirt";

    /// <summary>The daemon that runs guests of every driver on hosts without modular daemons.</summary>
    public const string Monolithic = "libvirtd";

    /// <summary>The modular daemon for qemu and kvm.</summary>
    public const string Qemu = "virtqemud";

    /// <summary>The modular daemon for containers.</summary>
    public const string Containers = "virtlxcd";

    /// <summary>
    /// What the daemon for <paramref name="driver"/> does: the modular daemon's configuration where there is one, else
    /// libvirtd's, else libvirt's defaults.
    /// </summary>
    /// <param name="driver">The driver; null counts as one without a modular daemon.</param>
    /// <param name="folder">The folder of the configurations.</param>
    /// <param name="warn">Takes a sentence for each configuration that is there and can't be used; the next one counts then.</param>
    public static LibvirtConfiguration ForDriver(string? driver, string folder, Action<string> warn)
    {
        string? modular = driver switch
        {
            "qemu" or "kvm" or "hvf" => Qemu,
            "lxc" => Containers,
            _ => null,
        };
        return (modular is null ? null : Read(folder, modular, warn)) ?? Read(folder, Monolithic, warn) ?? LibvirtConfiguration.Default;
    }

    /// <summary>The configuration of one daemon; null where it has none, or one that can't be used.</summary>
    public static LibvirtConfiguration? Read(string folder, string daemon, Action<string> warn)
    {
        string path = Path.Combine(folder, daemon + ".conf");
        try
        {
            return LibvirtConfiguration.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            warn(WriteNotices.ConfigurationNotUsable(path, e));
        }

        return null;
    }
}
