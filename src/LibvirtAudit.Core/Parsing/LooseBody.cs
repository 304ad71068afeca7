using System.Buffers.Text;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Reads a body that has no shape of the grammar: other types of the range, Docker's, libvirt's before 0.10 and its
/// published page's, and what is left of a record that was cut. Fields are <c>name=value</c> between blanks, a value in
/// double or single quotes runs to its quote. The first of a name counts, what follows of it or is unknown is kept
/// verbatim.
/// </summary>
/// <remarks>
/// A path that begins with <c>/</c> stands as it is, blanks too: libvirt 0.9.0 to 1.0.4 did not encode the path of a cgroup
/// record, and no version does that of shmem, ivshmem-socket and evdev. It ends with the body, or before the
/// <c>rdev</c> and <c>acl</c> that end the body of a cgroup record or of an opened device.
/// </remarks>
internal static class LooseBody
{
    private static ReadOnlySpan<byte> RawPath => "path=/"u8;

    /// <param name="text">The text that holds the body.</param>
    /// <param name="start">Where the body begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isCut">Whether the text was cut at its end, so that half a value may stand there, which is no value.</param>
    /// <param name="layout">What is filled.</param>
    public static void Read(ReadOnlySpan<byte> text, int start, int end, bool isCut, RecordLayout layout)
    {
        int position = AfterBraces(text, start, end, layout);
        bool isBehindBare = false;
        while (position < end)
        {
            if (text[position] == (byte)' ')
            {
                position++;
                continue;
            }

            bool isRawPath = text[position..end].StartsWith(RawPath);
            int valueOffset = RawPath.Length - 1;
            int length = isRawPath ? RawPathLength(text[position..end], layout) : TokenLength(text[position..end], out valueOffset);
            bool isHalf = isCut && position + length == end;
            if (valueOffset < 0 || isHalf || !TryTake(text, position, valueOffset, length, layout, ref isBehindBare))
            {
                layout.Additional.Add(new Slot(position, length));
            }

            // What stands behind such a path was found from the body's end, where the path can't reach.
            isBehindBare &= !isRawPath;
            position += length;
        }
    }

    // Docker on RHEL once wrote '{Action=create, …, Cmd=[sh -c …], }': a container's command is in there, and nothing of libvirt's.
    private static int AfterBraces(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout)
    {
        ReadOnlySpan<byte> body = text[start..end];
        if (!body.StartsWith("{"u8))
        {
            return start;
        }

        int length = body.LastIndexOf((byte)'}') is > 0 and var close ? close + 1 : body.Length;
        layout.Additional.Add(new Slot(start, length));
        return start + length;
    }

    private static int RawPathLength(ReadOnlySpan<byte> rest, RecordLayout layout)
    {
        bool hasTail = layout[RecordField.CgroupClass].HasValue || layout[RecordField.MacAddress].HasValue;
        foreach (FieldDefinition field in hasTail ? FieldNames.BehindPath : [])
        {
            int blank = rest.LastIndexOf((byte)' ');
            if (blank > 0 && rest[(blank + 1)..].StartsWith(field.Key))
            {
                rest = rest[..blank];
            }
        }

        return rest.Length;
    }

    // The length of one field, and where in it the value begins (-1: it is no field, just a word).
    private static int TokenLength(ReadOnlySpan<byte> rest, out int valueOffset)
    {
        int stop = rest.IndexOfAny((byte)' ', (byte)'=');
        if (stop <= 0 || rest[stop] != (byte)'=')
        {
            valueOffset = -1;
            int blank = rest.IndexOf((byte)' ');
            return blank < 0 ? rest.Length : blank;
        }

        valueOffset = stop + 1;
        ReadOnlySpan<byte> value = rest[valueOffset..];
        if (value.Length > 0 && value[0] is (byte)'"' or (byte)'\'')
        {
            int quote = value[1..].IndexOf(value[0]);
            if (quote >= 0)
            {
                return valueOffset + quote + 2;
            }
        }

        int end = value.IndexOf((byte)' ');
        return end < 0 ? rest.Length : valueOffset + end;
    }

    private static bool TryTake(ReadOnlySpan<byte> text, int position, int valueOffset, int length, RecordLayout layout,
        ref bool isBehindBare)
    {
        ReadOnlySpan<byte> name = text.Slice(position, valueOffset - 1);
        if (FieldNames.Find(name) is not FieldDefinition field || layout[field.Property].Kind != SlotKind.Absent || (isBehindBare
            && field.Form != FieldForm.Verbatim))
        {
            return false;
        }

        int start = position + valueOffset;
        ReadOnlySpan<byte> value = text[start..(position + length)];

        // Some builds of Docker wrote key=key=HEX for key=HEX.
        if (value.StartsWith(field.Key))
        {
            start += field.Key.Length;
            value = value[field.Key.Length..];
        }

        Slot slot = Read(value, start, field);
        if (!IsOfForm(slot, text))
        {
            return false;
        }

        // What a value holds that nobody encodes may look like any field, and is none.
        bool isQuoted = text[(position + valueOffset)..(position + length)] is [(byte)'"' or (byte)'\'', ..];
        isBehindBare |= !isQuoted && slot.Kind == SlotKind.Text && FieldNames.IsEverVerbatim(field);
        layout[field.Property] = slot;
        return true;
    }

    private static Slot Read(ReadOnlySpan<byte> value, int start, FieldDefinition field) => value switch
    {
        [(byte)'?'] => new Slot(start, 1, SlotKind.Missing, field.Form),

        // libvirt up to 0.9.9 wrote the addresses of interfaces in single quotes.
        [(byte)'"' or (byte)'\'', (byte)'?', (byte)'"' or (byte)'\''] when field.IsMissingInQuotes => new Slot(start, 3, SlotKind.Missing,
            field.Form),
        [(byte)'"', .., (byte)'"'] or [(byte)'\'', .., (byte)'\''] => new Slot(start + 1, value.Length - 2, SlotKind.Text, field.Form),
        _ when field.Form == FieldForm.Encoded && HexText.IsHex(value) => new Slot(start, value.Length, SlotKind.Hex, field.Form),
        _ => new Slot(start, value.Length, SlotKind.Text, field.Form),
    };

    private static bool IsOfForm(Slot slot, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> value = slot.Of(text);
        return slot.Kind == SlotKind.Missing || slot.Form switch
        {
            FieldForm.Uuid => Utf8Parser.TryParse(value, out Guid _, out int used) && used == value.Length,
            FieldForm.Number => Utf8Parser.TryParse(value, out long _, out int used) && used == value.Length,
            FieldForm.LargeNumber => Utf8Parser.TryParse(value, out ulong _, out int used) && used == value.Length,
            _ => true,
        };
    }
}
