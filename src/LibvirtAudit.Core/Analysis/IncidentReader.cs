using System.Globalization;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Analysis;

/// <summary>Reads denials, anomalies and seccomp violations out of their records, without the guest.</summary>
/// <remarks>
/// Shapes: SELinux <c>avc:  denied  { PERMISSIONS } for  pid=… scontext=… tcontext=… tclass=…</c>
/// (<c>security/selinux/avc.c</c>); AppArmor <c>apparmor="DENIED" operation="…" profile="…" name="…"</c>
/// (<c>security/apparmor/audit.c</c>); both under type AVC, before Linux 2.6.36 AppArmor under types of its own; what dbus,
/// systemd and machined decide under USER_AVC, either in <c>msg='…'</c>.
/// </remarks>
internal static class IncidentReader
{
    internal const string Denial = nameof(Denial);
    internal const string Anomaly = nameof(Anomaly);
    internal const string Seccomp = nameof(Seccomp);
    internal const string Denied = "denied";
    internal const string PromiscuousOn = "promiscuous on";
    private const string PromiscuousOff = "promiscuous off";

    internal static IReadOnlyList<string> Kinds { get; } = [Denial, Anomaly, Seccomp];

    /// <summary>The incident that a record reports; null where it reports none (a host's boot, a notice of SELinux).</summary>
    internal static VirtAuditIncident? Read(AuditEvent record)
    {
        string? kind = TrailTypes.IsDenial(record.Type) ? Denial
            : TrailTypes.IsAnomaly(record.Type) ? Anomaly
            : record.Type == TrailTypes.Seccomp ? Seccomp
            : null;
        if (kind is null || IsStatus(record))
        {
            return null;
        }

        var incident = new VirtAuditIncident
        {
            EventId = EventName.Of(record),
            UnixMilliseconds = record.UnixMilliseconds,
            Node = record.Node,
            Kind = kind,
            RecordType = TrailTypes.GetName(record.Type),
        };
        AuditEvent said = record;
        if (record.Type == TrailTypes.UserAvc)
        {
            // The head is of the program that decides, the message of the process that asked.
            said = record.Message();
            incident.ProcessId = said.Number("spid"u8) ?? (said == record ? null : said.Number("pid"u8));
        }
        else
        {
            incident.ProcessId = record.Number("pid"u8);
            incident.ParentProcessId = record.Number("ppid"u8) ?? record.Number("parent"u8);
            incident.Command = record.Text("comm"u8);
            incident.Executable = record.Text("exe"u8);
            incident.Subject = record.Text("subj"u8);
        }

        if (kind != Denial)
        {
            ReadAnomaly(record, incident);
        }
        else if ((said.Text("apparmor"u8) ?? VerdictOf(record.Type)) is string verdict)
        {
            ReadAppArmor(said, incident, verdict);
        }
        else
        {
            ReadSELinux(said, incident);
        }

        return record.Type == TrailTypes.UserAvc && incident.Action is null ? null : incident;
    }

    /// <summary>Whether a record tells that AppArmor loaded, replaced or removed a profile.</summary>
    internal static bool IsStatus(AuditEvent record) =>
        record.Type == TrailTypes.AppArmorStatus || (record.Type == TrailTypes.Avc && record.Text("apparmor"u8) == "STATUS");

    /// <summary>AppArmor's word where only the type says it, as before Linux 2.6.36.</summary>
    private static string? VerdictOf(int type) => type switch
    {
        TrailTypes.AppArmorDenied => "DENIED",
        TrailTypes.AppArmorAllowed => "ALLOWED",
        TrailTypes.AppArmorAudit => "AUDIT",
        TrailTypes.AppArmorHint => "HINT",
        TrailTypes.AppArmorError => "ERROR",
        TrailTypes.AppArmorKill => "KILLED",
        _ => null,
    };

    private static void ReadAppArmor(AuditEvent record, VirtAuditIncident incident, string verdict)
    {
        incident.Action = verdict.ToLowerInvariant();
        incident.Effect = verdict switch
        {
            "DENIED" or "KILLED" => IncidentEffect.Blocked,
            "ALLOWED" => IncidentEffect.WouldBlock,
            "AUDIT" => IncidentEffect.Audited,
            _ => IncidentEffect.Unknown,
        };
        incident.Operation = record.Text("operation"u8);
        incident.Target = MethodOf(record) ?? record.Text("name"u8) ?? record.Text("capname"u8);
        incident.TargetClass = record.Text("class"u8);
        incident.Subject = record.Text("profile"u8) ?? record.Text("label"u8);
        incident.TargetContext = record.Text("peer"u8) ?? record.Text("peer_label"u8);
    }

    private static void ReadSELinux(AuditEvent record, VirtAuditIncident incident)
    {
        ReadOnlySpan<byte> fields = record.Fields;
        int verdict = fields.IndexOf("avc:"u8);
        ReadOnlySpan<byte> word = verdict < 0 ? default : fields[(verdict + 4)..].TrimStart((byte)' ');
        incident.Action = word.StartsWith("denied"u8) ? Denied : word.StartsWith("granted"u8) ? "granted" : null;
        incident.Effect = (incident.Action, record.Number("permissive"u8)) switch
        {
            (Denied, 0) => IncidentEffect.Blocked,
            (Denied, 1) => IncidentEffect.WouldBlock,
            ("granted", _) => IncidentEffect.Audited,
            _ => IncidentEffect.Unknown,
        };
        incident.Subject = record.Text("scontext"u8);
        incident.TargetContext = record.Text("tcontext"u8);
        incident.TargetClass = record.Text("tclass"u8);
        incident.Target = MethodOf(record) ?? record.Text("path"u8) ?? record.Text("name"u8) ?? record.Text("kmod"u8) ?? record.Text("dest"u8);
        int open = fields.IndexOf("{ "u8);
        int close = open < 0 ? -1 : fields[open..].IndexOf(" }"u8);
        if (close > 2)
        {
            incident.Operation = Encoding.ByteText.GetString(fields.Slice(open + 2, close - 2));
        }
    }

    /// <summary>The method that a message of D-Bus calls; null where the record is of no such message.</summary>
    private static string? MethodOf(AuditEvent record) =>
        record.Type == TrailTypes.UserAvc && record.Text("interface"u8) is string of && record.Text("member"u8) is string member ? of + "." + member : null;

    private static void ReadAnomaly(AuditEvent record, VirtAuditIncident incident)
    {
        incident.Effect = IncidentEffect.OfAnomaly(record);
        incident.Target = record.Text("dev"u8) ?? record.Text("path"u8) ?? record.Text("name"u8);
        incident.Operation = record.Type switch
        {
            TrailTypes.AnomPromiscuous => record.Number("prom"u8) is 0 ? PromiscuousOff : PromiscuousOn,
            TrailTypes.AnomAbend => Numbered("signal", record.Number("sig"u8)),
            TrailTypes.Seccomp => Numbered("syscall", record.Number("syscall"u8)),
            _ => record.Text("op"u8),
        };
    }

    private static string? Numbered(string what, long? number) => number is long value ? string.Create(CultureInfo.InvariantCulture, $"{what} {value}") : null;
}
