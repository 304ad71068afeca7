using System.Globalization;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Analysis;

/// <summary>Reads denials, anomalies and seccomp violations out of their records, without the guest.</summary>
/// <remarks>
/// Shapes: SELinux <c>avc:  denied  { PERMISSIONS } for  pid=… scontext=… tcontext=… tclass=…</c>
/// (<c>security/selinux/avc.c</c>); AppArmor <c>apparmor="DENIED" operation="…" profile="…" name="…"</c>
/// (<c>security/apparmor/audit.c</c>); both under type AVC.
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

    /// <summary>The incident that a record reports; null where it reports none (a host's boot, a profile that was loaded).</summary>
    internal static VirtAuditIncident? Read(AuditEvent record)
    {
        string? kind = RecordTypes.IsDenial(record.Type) ? Denial
            : RecordTypes.IsAnomaly(record.Type) ? Anomaly
            : record.Type == RecordTypes.Seccomp ? Seccomp
            : null;
        string? appArmor = kind == Denial ? record.Text("apparmor"u8) : null;
        if (kind is null || appArmor == "STATUS")
        {
            return null;
        }

        var incident = new VirtAuditIncident
        {
            EventId = EventName.Of(record),
            UnixMilliseconds = record.UnixMilliseconds,
            Node = record.Node,
            Kind = kind,
            RecordType = RecordTypes.GetName(record.Type),
            ProcessId = record.Number("pid"u8),
            Command = record.Text("comm"u8),
            Executable = record.Text("exe"u8),
            Subject = record.Text("subj"u8),
        };
        if (appArmor is not null)
        {
            ReadAppArmor(record, incident, appArmor);
        }
        else if (kind == Denial)
        {
            ReadSELinux(record, incident);
        }
        else
        {
            ReadAnomaly(record, incident);
        }

        return incident;
    }

    private static void ReadAppArmor(AuditEvent record, VirtAuditIncident incident, string verdict)
    {
        incident.Action = verdict.ToLowerInvariant();
        incident.Operation = record.Text("operation"u8);
        incident.Target = record.Text("name"u8);
        incident.TargetClass = record.Text("class"u8);
        incident.Subject = record.Text("profile"u8);
    }

    private static void ReadSELinux(AuditEvent record, VirtAuditIncident incident)
    {
        ReadOnlySpan<byte> fields = record.Fields;
        int verdict = fields.IndexOf("avc:"u8);
        ReadOnlySpan<byte> word = verdict < 0 ? default : fields[(verdict + 4)..].TrimStart((byte)' ');
        incident.Action = word.StartsWith("denied"u8) ? Denied : word.StartsWith("granted"u8) ? "granted" : null;
        incident.Subject = record.Text("scontext"u8);
        incident.TargetContext = record.Text("tcontext"u8);
        incident.TargetClass = record.Text("tclass"u8);
        incident.Target = record.Text("path"u8) ?? record.Text("name"u8);
        int open = fields.IndexOf("{ "u8);
        int close = open < 0 ? -1 : fields[open..].IndexOf(" }"u8);
        if (close > 2)
        {
            incident.Operation = Encoding.ByteText.GetString(fields.Slice(open + 2, close - 2));
        }
    }

    private static void ReadAnomaly(AuditEvent record, VirtAuditIncident incident)
    {
        incident.Target = record.Text("dev"u8) ?? record.Text("path"u8) ?? record.Text("name"u8);
        incident.Operation = record.Type switch
        {
            RecordTypes.AnomPromiscuous => record.Number("prom"u8) is 0 ? PromiscuousOff : PromiscuousOn,
            RecordTypes.AnomAbend => Numbered("signal", record.Number("sig"u8)),
            RecordTypes.Seccomp => Numbered("syscall", record.Number("syscall"u8)),
            _ => record.Text("op"u8),
        };
    }

    private static string? Numbered(string what, long? number) => number is long value ? string.Create(CultureInfo.InvariantCulture, $"{what} {value}") : null;
}
