using System.Globalization;
using System.Reflection;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

/// <summary>Compares records property by property, all but the named ones.</summary>
internal static class RecordComparison
{
    private static readonly PropertyInfo[] Properties = typeof(VirtAuditRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>All properties that have a value, as text with their types.</summary>
    public static string Signature(VirtAuditRecord record, params string[] except) => string.Join('\n', Properties
        .Where(property => !except.Contains(property.Name))
        .Select(property => (property.Name, Value: property.GetValue(record)))
        .Where(pair => pair.Value is not null)
        .Select(pair => $"{pair.Name} ({pair.Value!.GetType().Name}) = {Text(pair.Value)}"));

    private static string? Text(object value) => value is DateTime time ? time.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture);
}
