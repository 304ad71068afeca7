using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Views;

/// <summary>The columns of the record views, for live records and for those back from a job, a file or a remote session. Nothing that they give can move a cursor.</summary>
public static class RecordColumns
{
    private const string Red = "\u001b[31m";
    private const string Reset = "\u001b[0m";

    /// <summary>The local time to the second; <c>-</c> where the record has none.</summary>
    public static string Time(PSObject record) => Bind(record).Timestamp?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The guest's name.</summary>
    public static string Guest(PSObject record) => Text(Bind(record).VMName);

    /// <summary>What happened.</summary>
    public static string Action(PSObject record) => RecordText.Action(Bind(record));

    /// <summary>What it happened to.</summary>
    public static string Detail(PSObject record) => RecordText.Detail(Bind(record));

    /// <summary>The result, a failure in red; <c>refused</c> where the kernel did not take the record.</summary>
    public static string Result(PSObject record) => Bind(record) switch
    {
        { Delivered: false } => Red + "refused" + Reset,
        { Result: "failed" } => Red + "failed" + Reset,
        { Result: null } => "-",
        { Result: string result } => Text(result),
    };

    /// <summary>Any value as text without control characters; a time with its milliseconds.</summary>
    public static string Text(object? value) => value switch
    {
        PSObject wrapped => Text(wrapped.BaseObject),
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

    private static VirtAuditRecord Bind(PSObject record) => RecordBinder.Bind(record) ?? new VirtAuditRecord();
}
