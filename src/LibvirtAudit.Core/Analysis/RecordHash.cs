using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// What a record is known by (format.md §1: node, stamp, serial, type and body) in 64 bits. Of the values, not of the
/// bytes: the same record has the same hash whatever carried it.
/// </summary>
internal static class RecordHash
{
    // With keys that are known a text, or a UUID, could be made behind which all others hash alike.
    private static readonly ulong LeftKey = NewKey();
    private static readonly ulong RightKey = NewKey();

    /// <summary>The hash of a record.</summary>
    internal static ulong Of(VirtAuditRecord record, ulong guest, long stamp, ulong serial)
    {
        // A sum, whose parts don't wait for one another; each field has its own seed, and stamp and serial come last, so
        // that no text, whoever chose it, can hide them.
        ulong hash = Of(record.Operation, 1) + Of(record.ResourceType, 2) + Of(record.Reason, 3) + Of(record.Result, 4)
            + Of(record.OldValue, 5) + Of(record.NewValue, 6) + Of(record.AdditionalFields, 7) + Of(record.VMName, 8) + Of(record.Driver, 9)
            + Of(record.VMProcessId, 10);
        if (record.HasDetails)
        {
            hash += Of(record.Device, 11) + Of(record.HostDisk, 12) + Of(record.HostChardev, 13) + Of(record.DevicePath, 14)
                + Of(record.MacAddress, 15) + Of(record.Category, 16) + Of(record.Model, 17) + Of(record.Bus, 18) + Of(record.DeviceNumber, 19)
                + Of(record.Cgroup, 20) + Of(record.CgroupClass, 21) + Of(record.Major, 22) + Of(record.Access, 23) + Of((long?)record.Size, 24)
                + Of(record.VMContext, 25) + Of(record.ImageContext, 26) + Of(record.InitProcessId, 27) + Of((long?)record.PidNamespace, 28);
        }

        return Mix(Mix(Mix(Mix(guest, (ulong)(record.RecordTypeId ?? 0)), hash), (ulong)stamp), serial);
    }

    /// <summary>The hash of a record of another type, of a host.</summary>
    internal static ulong Of(AuditEvent record, ulong node, long stamp, ulong serial) =>
        Mix(Mix(Mix(Mix(node, (ulong)record.Type), Of(record.Fields, 0)), (ulong)stamp), serial);

    /// <summary>The hash of the guest that a record names, on its host.</summary>
    internal static ulong OfGuest(VirtAuditRecord record, ulong node) =>
        Mix(node, record.Uuid is Guid uuid ? Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in uuid)), 0) : OfText(record.VMName));

    /// <summary>The hash of a text; 0 of none.</summary>
    internal static ulong OfText(string? text) => Of(text, 0);

    private static ulong Of(long? number, ulong seed) => number is long value ? Mix((seed << 32) + 1, (ulong)value) : 0;

    private static ulong Of(string? text, ulong seed) => text is null ? 0 : Of(MemoryMarshal.AsBytes(text.AsSpan()), seed);

    // A number is what its text is: in some carriers all values are texts.
    private static ulong Of(object? value, ulong seed)
    {
        if (value is null or string)
        {
            return Of((string?)value, seed);
        }

        Span<char> digits = stackalloc char[20];
        return value is long number && number.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture)
            ? Of(MemoryMarshal.AsBytes(digits[..length]), seed)
            : Of(Convert.ToString(value, CultureInfo.InvariantCulture), seed);
    }

    private static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        ulong hash = (seed << 32) + (ulong)bytes.Length + 1;
        while (bytes.Length > 16)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));
            bytes = bytes[16..];
        }

        // The two last words overlap where there are fewer bytes than they hold: the length tells them apart.
        ulong first = 0, last = 0;
        if (bytes.Length >= 8)
        {
            first = MemoryMarshal.Read<ulong>(bytes);
            last = MemoryMarshal.Read<ulong>(bytes[^8..]);
        }
        else
        {
            foreach (byte value in bytes)
            {
                last = (last << 8) | value;
            }
        }

        return Mix(hash ^ first, last);
    }

    private static ulong NewKey() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Folds the 128-bit product of both halves: every bit of either reaches every bit of the result, but for one value of each that nobody knows.</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ LeftKey, right ^ RightKey, out ulong low);
        return high ^ low;
    }
}
