using System.Globalization;

namespace LibvirtAudit.Format;

/// <summary>
/// The audit record types of virtualization: numbers 2500–2599 of <c>linux/audit.h</c> and libaudit's
/// <c>audit-records.h</c>, of which libvirt writes the first three.
/// </summary>
public static class RecordTypes
{
    /// <summary>VIRT_CONTROL: a guest's start, stop and init.</summary>
    public const int Control = 2500;

    /// <summary>VIRT_RESOURCE: a resource given, taken or changed.</summary>
    public const int Resource = 2501;

    /// <summary>VIRT_MACHINE_ID: a guest's security label.</summary>
    public const int MachineId = 2502;

    /// <summary>The first number of the range.</summary>
    public const int First = 2500;

    /// <summary>The last number of the range.</summary>
    public const int Last = 2599;

    private static readonly string[] Known =
    [
        "VIRT_CONTROL", "VIRT_RESOURCE", "VIRT_MACHINE_ID", "VIRT_INTEGRITY_CHECK",
        "VIRT_CREATE", "VIRT_DESTROY", "VIRT_MIGRATE_IN", "VIRT_MIGRATE_OUT",
    ];

    /// <summary>The types that have a name, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names => Known;

    /// <summary>The name of a type of the range; as auditd writes it, <c>UNKNOWN[n]</c>, where it has none.</summary>
    public static string GetName(int type) =>
        type - First is >= 0 and var index && index < Known.Length ? Known[index] : string.Create(CultureInfo.InvariantCulture, $"UNKNOWN[{type}]");

    /// <summary>Whether <paramref name="type"/> is of the virtualization range.</summary>
    public static bool IsVirt(int type) => type is >= First and <= Last;

    /// <summary>The number of a type as a log names it (<c>VIRT_CONTROL</c>, <c>UNKNOWN[2508]</c>, <c>2500</c>), or 0 where it is none of the range.</summary>
    public static int Parse(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("VIRT_"u8))
        {
            for (int i = 0; i < Known.Length; i++)
            {
                if (System.Text.Ascii.Equals(name, Known[i]))
                {
                    return First + i;
                }
            }

            return 0;
        }

        ReadOnlySpan<byte> digits = name.StartsWith("UNKNOWN["u8) && name[^1] == (byte)']' ? name[8..^1] : name;
        return digits.Length == 4
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && IsVirt(number) ? number : 0;
    }
}
