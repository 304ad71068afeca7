using LibvirtAudit.Fuzz.Targets;

namespace LibvirtAudit.Fuzz;

/// <summary>The one table of what is fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>The targets by name.</summary>
    private static readonly Dictionary<string, Func<FuzzTarget>> All = new()
    {
        ["audit-log"] = () => new AuditLogTarget(),
        ["enriched"] = () => new EnrichedTarget(),
        ["ausearch-raw"] = () => new AusearchRawTarget(),
        ["ausearch-interpreted"] = () => new AusearchInterpretedTarget(),
        ["syslog"] = () => new SyslogTarget(),
        ["journal-short"] = () => new JournalShortTarget(),
        ["journal-json"] = () => new JournalJsonTarget(),
        ["json-document"] = () => new JsonDocumentTarget(),
        ["journal-export"] = () => new JournalExportTarget(),
        ["kernel-log"] = () => new KernelLogTarget(),
        ["libvirt-log"] = () => new LibvirtLogTarget(),
        ["trail-event"] = () => new TrailEventTarget(),
        ["analysis"] = () => new AnalysisTarget(),
        ["netlink-answer"] = () => new NetlinkAnswerTarget(),
        ["netlink-listener"] = () => new NetlinkListenerTarget(),
        ["bookmark"] = () => new BookmarkTarget(),
        ["libvirtd-conf"] = () => new LibvirtConfigurationTarget(),
        ["auditd-conf"] = () => new AuditdConfigurationTarget(),
        ["encoder"] = () => new EncoderTarget(),
        ["event-reference"] = () => new EventReferenceTarget(),
        ["word-search"] = () => new WordSearchTarget(),
        ["byte-text"] = () => new ByteTextTarget(),
        ["log-head"] = () => new LogHeadTarget(),
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Makes the target of that name; null where there is none.</summary>
    public static Func<FuzzTarget>? Find(string name) => All.GetValueOrDefault(name);
}
