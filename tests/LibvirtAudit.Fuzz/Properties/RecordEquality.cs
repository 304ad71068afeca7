using System.Globalization;
using System.Reflection;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>Compares records by all that they hold, quickly enough for millions.</summary>
internal static class RecordEquality
{
    // The time is made of the stamp and costs more than all else. How a record holds what it says is its own affair.
    private static readonly (string Name, Func<VirtAuditRecord, object?> Get)[] Properties =
    [
        .. typeof(VirtAuditRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name is not (nameof(VirtAuditRecord.Timestamp) or nameof(VirtAuditRecord.Source)))
            .Append(typeof(VirtAuditRecord).GetProperty(nameof(VirtAuditRecord.UnixMilliseconds), BindingFlags.NonPublic | BindingFlags.Instance)!)
            .Select(property => (property.Name, Getter(property))),
    ];

    /// <summary>The first property in which they differ, and both values; null where there is none.</summary>
    public static string? Difference(VirtAuditRecord left, VirtAuditRecord right, bool withRawText = true)
    {
        foreach ((string name, Func<VirtAuditRecord, object?> get) in Properties)
        {
            if (!Equals(get(left), get(right)) && (withRawText || name != nameof(VirtAuditRecord.RawText)))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{name} is '{get(left)}' and '{get(right)}'");
            }
        }

        return null;
    }

    /// <summary>The first difference of two sequences; null where there is none.</summary>
    public static string? Difference(IReadOnlyList<VirtAuditRecord> left, IReadOnlyList<VirtAuditRecord> right)
    {
        if (left.Count != right.Count)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{left.Count} records and {right.Count}");
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (Difference(left[i], right[i]) is string difference)
            {
                return string.Create(CultureInfo.InvariantCulture, $"record {i}: {difference}");
            }
        }

        return null;
    }

    private static Func<VirtAuditRecord, object?> Getter(PropertyInfo property)
    {
        if (!property.PropertyType.IsValueType)
        {
            return property.GetMethod!.CreateDelegate<Func<VirtAuditRecord, object?>>();
        }

        MethodInfo boxed = typeof(RecordEquality).GetMethod(nameof(Boxed), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(property.PropertyType);
        return (Func<VirtAuditRecord, object?>)boxed.Invoke(null, [property.GetMethod!])!;
    }

    private static Func<VirtAuditRecord, object?> Boxed<T>(MethodInfo getter)
    {
        Func<VirtAuditRecord, T> get = getter.CreateDelegate<Func<VirtAuditRecord, T>>();
        return record => get(record);
    }
}
