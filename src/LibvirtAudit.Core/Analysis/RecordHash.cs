using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// What a record is known by (format.md §1: node, stamp, serial, type and body) in 64 bits. Of the values, not of the
/// bytes: the same record has the same hash whatever carried it.
/// </summary>
internal static class RecordHash
{
    /// <summary>The hash of a record; stamp and serial are folded in last, so that no text, whoever chose it, can hide them.</summary>
    internal static ulong Of(VirtAuditRecord record, ulong guest, long stamp, ulong serial)
    {
        ulong hash = Mix(guest, (ulong)(record.RecordTypeId ?? 0));
        Add(ref hash, 1, record.Operation);
        Add(ref hash, 2, record.ResourceType);
        Add(ref hash, 3, record.Reason);
        Add(ref hash, 4, record.Result);
        Add(ref hash, 5, record.OldValue);
        Add(ref hash, 6, record.NewValue);
        Add(ref hash, 7, record.Device ?? record.HostDisk ?? record.HostChardev);
        Add(ref hash, 8, record.DevicePath);
        Add(ref hash, 9, record.MacAddress);
        Add(ref hash, 10, record.Category);
        Add(ref hash, 11, record.Model);
        Add(ref hash, 12, record.AdditionalFields);
        return Mix(Mix(hash, (ulong)stamp), serial);
    }

    /// <summary>The hash of a record of another type, of a host.</summary>
    internal static ulong Of(AuditEvent record, ulong node) =>
        Mix(Mix(Mix(Mix(node, (ulong)record.Type), Of(record.Fields, 0)), (ulong)record.UnixMilliseconds), record.Serial);

    /// <summary>The hash of the guest that a record names, on its host.</summary>
    internal static ulong OfGuest(VirtAuditRecord record, ulong node) =>
        Mix(node, record.Uuid is Guid uuid ? Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in uuid)), 0) : OfText(record.VMName));

    /// <summary>The hash of a text; 0 of none.</summary>
    internal static ulong OfText(string? text) => text is null ? 0 : Of(MemoryMarshal.AsBytes(text.AsSpan()), 0);

    private static void Add(ref ulong hash, ulong field, string? text)
    {
        if (text is not null)
        {
            hash = Mix(hash, Of(MemoryMarshal.AsBytes(text.AsSpan()), field));
        }
    }

    // A number is what its text is: in some carriers all values are texts.
    private static void Add(ref ulong hash, ulong field, object? value)
    {
        if (value is long number)
        {
            Span<char> digits = stackalloc char[20];
            _ = number.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
            hash = Mix(hash, Of(MemoryMarshal.AsBytes(digits[..length]), field));
        }
        else
        {
            Add(ref hash, field, value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture));
        }
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

    /// <summary>Folds the 128-bit product of both halves: every bit of either reaches every bit of the result.</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ 0x9E3779B97F4A7C15, right ^ 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }
}
