using System.Globalization;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Records;

/// <summary>What people are shown of a record: the same words in the table view, in ToString and in messages.</summary>
public static class RecordText
{
    /// <summary>What happened, in a few words: <c>start booted</c>, <c>disk attach</c>, <c>label dac</c>.</summary>
    public static string Action(VirtAuditRecord record)
    {
        string? what = record switch
        {
            { Operation: not null } => record.Operation,
            { ResourceType: not null } => record.ResourceType,
            { RecordTypeId: RecordTypes.MachineId } => "label",
            _ => record.RecordType,
        };
        string? how = record.RecordTypeId == RecordTypes.MachineId ? record.Model : record.Reason;
        return PrintableText.Escape(how is null ? what : what + " " + how) ?? "";
    }

    /// <summary>What it happened to: the value, the change of it, the device, the grant; empty where a record has nothing of the sort.</summary>
    public static string Detail(VirtAuditRecord record)
    {
        string? detail = record switch
        {
            { VMContext: not null } => record.VMContext,
            { CgroupClass: "path" } => Join(record.DevicePath, record.Access),
            { CgroupClass: "major" } => Join(record.Category, record.Access),
            { CgroupClass: not null } => record.CgroupClass,
            { MacAddress: not null } => Join(record.MacAddress, record.DevicePath),
            { Device: not null } => Join(record.Bus, record.Device),
            { HostDisk: not null } => record.HostDisk,
            { HostChardev: not null } => record.HostChardev,
            { Size: ulong size } => Join(record.DevicePath, size.ToString(CultureInfo.InvariantCulture) + " bytes"),
            { DevicePath: not null } => record.DevicePath,
            { OldValue: not null } or { NewValue: not null } => Change(record),
            { InitProcessId: long pid } => "init pid " + pid.ToString(CultureInfo.InvariantCulture),
            { VMProcessId: > 0 and long pid } => "pid " + pid.ToString(CultureInfo.InvariantCulture),
            _ => record.AdditionalFields,
        };
        return PrintableText.Escape(detail) ?? "";
    }

    /// <summary>The whole record in one line: local time, type, guest, what happened, to what, result.</summary>
    public static string Describe(VirtAuditRecord record)
    {
        string time = record.Timestamp?.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "-";
        return string.Join(' ', new[] { time, PrintableText.Escape(record.RecordType), PrintableText.Escape(record.VMName), Action(record), Detail(record), PrintableText.Escape(record.Result) }
            .Where(part => !string.IsNullOrEmpty(part)));
    }

    private static string Join(string? left, string? right) => left is null ? right ?? "" : right is null ? left : left + " " + right;

    private static string Change(VirtAuditRecord record)
    {
        string unit = record.ResourceType == "mem" ? " KiB" : "";
        string? before = Value(record.OldValue), after = Value(record.NewValue);
        return (before, after) switch
        {
            (null, _) => after + unit,
            (_, null) => record.Reason == "detach" ? before + unit : before + unit + " -> (none)",
            ("0", _) when record.OldValue is long => after + unit,
            _ => before + " -> " + after + unit,
        };
    }

    private static string? Value(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
