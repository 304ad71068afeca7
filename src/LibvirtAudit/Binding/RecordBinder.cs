using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using LibvirtAudit.Audit;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>Takes records as the pipeline brings them: live, back from CLIXML, a job or a remote session, or from CSV.</summary>
internal static class RecordBinder
{
    private static readonly PropertyInfo[] Properties =
        [.. typeof(VirtAuditRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    /// <summary>The record that <paramref name="input"/> is; null where it is none.</summary>
    public static VirtAuditRecord? Bind(PSObject? input)
    {
        if (input?.BaseObject is VirtAuditRecord live)
        {
            return live;
        }

        try
        {
            return BindProperties(input);
        }
        catch (ExtendedTypeSystemException)
        {
            // A property that is computed, and fails: whatever the object is, it is no record.
            return null;
        }
    }

    private static VirtAuditRecord? BindProperties(PSObject? input)
    {
        if (input?.Properties[nameof(VirtAuditRecord.RecordType)] is null || input.Properties[nameof(VirtAuditRecord.VMName)] is null)
        {
            return null;
        }

        // ConvertFrom-Csv gives null for an empty value that ends a row.
        bool isCsv = input.Properties.All(property => property.Value is null or string);
        var record = new VirtAuditRecord();
        foreach (PropertyInfo property in Properties)
        {
            object? value = input.Properties[property.Name]?.Value;

            // CSV has nothing but text, and no null: what wasn't there comes back as empty text.
            if (value is null || (isCsv && value is "") || !TryConvert(value, property.PropertyType, out object converted))
            {
                continue;
            }

            property.SetValue(record, PlainValue.Of(converted));
        }

        record.OldValue = Count(record, record.OldValue);
        record.NewValue = Count(record, record.NewValue);

        // Local time is ambiguous for an hour each autumn, the event's name never is.
        if (record.EventId is not null && EventStamp.TryRead(System.Text.Encoding.ASCII.GetBytes(record.EventId), out long stamp, out _))
        {
            record.UnixMilliseconds = stamp;
        }

        return record;
    }

    // Export-Csv writes a time as the current culture does, all else the same everywhere.
    private static bool TryConvert(object value, Type type, out object converted)
    {
        if (type == typeof(DateTime?) && value is string text && DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTime time))
        {
            converted = time;
            return true;
        }

        return LanguagePrimitives.TryConvertTo(value, type, CultureInfo.InvariantCulture, out converted);
    }

    private static object? Count(VirtAuditRecord record, object? value) =>
        value is not null && ShapeFinder.Find(record)?.Find(RecordField.NewValue)?.Form == FieldForm.Number
            && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out long count) ? count : value;
}
