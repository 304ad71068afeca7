using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Views;

/// <summary>The columns of the record views, for live records and for those back from a job, a file or a remote session. Nothing that they give can move a cursor.</summary>
public static class RecordColumns
{
    // The record of the row that is being written. It is made anew in each row, as the same object may have changed.
    [ThreadStatic]
    private static PSObject? s_row;

    [ThreadStatic]
    private static VirtAuditRecord? s_record;

    /// <summary>The local time to the second; <c>-</c> where the record has none. The first column of the views.</summary>
    public static string Time(PSObject record) => BeginRow(record).Timestamp?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The guest's name.</summary>
    public static string Guest(PSObject record) => Text(Bind(record).VMName);

    /// <summary>What happened.</summary>
    public static string Action(PSObject record) => RecordText.Action(Bind(record));

    /// <summary>What it happened to.</summary>
    public static string Detail(PSObject record) => RecordText.Detail(Bind(record));

    /// <summary>The result, a failure in red; <c>refused</c> where the kernel did not take the record.</summary>
    public static string Result(PSObject record) => Bind(record) switch
    {
        { Delivered: false } => Alarm.Mark("refused"),
        { Result: "failed" } => Alarm.Mark("failed"),
        { Result: null } => "-",
        { Result: string result } => Text(result),
    };

    /// <summary>The value of a property with its unit: memory in KiB, sizes in bytes.</summary>
    public static string Quantity(PSObject record, string property) =>
        Text(record.Properties[property]?.Value)
        + (property == nameof(VirtAuditRecord.Size) ? " bytes" : Text(record.Properties[nameof(VirtAuditRecord.ResourceType)]?.Value) == "mem" ? " KiB" : "");

    /// <summary>Any value as text without control characters; a time with its milliseconds, several values with commas between them.</summary>
    public static string Text(object? value) => value switch
    {
        PSObject wrapped => Text(wrapped.BaseObject),
        IEnumerable items and not string => string.Join(", ", items.Cast<object?>().Select(Text)),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        _ => PrintableText.Escape(Convert.ToString(value, CultureInfo.InvariantCulture)) ?? "",
    };

    /// <summary>Each value of a list as <see cref="Text"/> gives it.</summary>
    public static string[] Texts(object? values) => values switch
    {
        PSObject wrapped => Texts(wrapped.BaseObject),
        IEnumerable items and not string => [.. items.Cast<object?>().Select(Text)],
        _ => [Text(values)],
    };

    private static VirtAuditRecord BeginRow(PSObject record)
    {
        s_row = null;
        VirtAuditRecord bound = Bind(record);
        (s_row, s_record) = (record, bound);
        return bound;
    }

    private static VirtAuditRecord Bind(PSObject record) =>
        ReferenceEquals(record, s_row) ? s_record! : RecordBinder.Bind(record) ?? new VirtAuditRecord();
}
