using System.Buffers.Text;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// The ways in which an interpreted text can be one shape. The values of libvirt's own vocabulary, numbers and UUIDs end at
/// the blank; the others, called open here, where the fields that follow them can begin.
/// </summary>
internal static class InterpretedShape
{
    /// <summary>How long a UUID is.</summary>
    public const int UuidLength = 36;

    // libauparse 3.0.9 doesn't know that these are encoded, and leaves them in quotes or in hex.
    private static readonly string[] LeftRaw = ["old-smartcard", "new-smartcard", "disk", "chardev"];

    /// <summary>How many fields a shape has at most.</summary>
    public static int MostFields { get; } = Grammar.Shapes.Max(shape => shape.Fields.Count);

    /// <summary>Whether the field's value may hold anything.</summary>
    public static bool IsOpen(FieldDefinition field) => field.Form is FieldForm.Encoded or FieldForm.Verbatim;

    /// <summary>Finds the way in which every open value is as short as it can be; false where the text can't be the shape.</summary>
    /// <param name="text">The text that holds the body.</param>
    /// <param name="start">Where the body begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="ends">For the number of each open field, where its value ends.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int start, int end, RecordShape shape, Span<int> ends)
    {
        ReadOnlySpan<FieldDefinition> fields = shape.FieldSpan;
        int value = PassClosed(text, start, end, fields, 0);
        for (int i = NextOpen(fields, 0); value >= 0 && i < fields.Length; i = NextOpen(fields, i + 1))
        {
            ends[i] = NextEnd(text, value, end, fields, i, out value);
        }

        return value >= 0;
    }

    /// <summary>Whether there is another way than the one that <see cref="TryFind"/> found: one in which a value is longer and those behind it end where they did.</summary>
    public static bool IsPossibleOtherwise(ReadOnlySpan<byte> text, int end, RecordShape shape, ReadOnlySpan<int> ends)
    {
        ReadOnlySpan<FieldDefinition> fields = shape.FieldSpan;
        for (int i = NextOpen(fields, 0), next; i < fields.Length; i = next)
        {
            next = NextOpen(fields, i + 1);
            if (next < fields.Length && NextEnd(text, ends[i] + 1, end, fields, i, out int value) >= 0 && value <= ends[next])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the values as <see cref="TryFind"/> found them.</summary>
    public static void Fill(ReadOnlySpan<byte> text, int start, int end, RecordShape shape, ReadOnlySpan<int> ends, RecordLayout layout)
    {
        int position = start;
        for (int i = 0; i < shape.FieldSpan.Length; i++)
        {
            FieldDefinition field = shape.FieldSpan[i];
            position += field.Key.Length;
            int valueEnd = IsOpen(field) ? ends[i] : position + WordLength(text[position..end]);
            layout[field.Property] = Value(text[position..valueEnd], position, field);
            position = valueEnd + 1;
        }
    }

    /// <summary>The slot of an interpreted value that begins at <paramref name="start"/> of the text.</summary>
    public static Slot Value(ReadOnlySpan<byte> value, int start, FieldDefinition field)
    {
        bool isRaw = Array.IndexOf(LeftRaw, field.Name) >= 0;
        if (isRaw && value is [(byte)'"', .. var quoted, (byte)'"'])
        {
            return new Slot(start + 1, quoted.Length, quoted is [(byte)'?'] ? SlotKind.Missing : SlotKind.Text, field.Form);
        }

        SlotKind kind = field.Missing != MissingForm.Never && value is [(byte)'?'] ? SlotKind.Missing
            : isRaw && HexText.IsHex(value) ? SlotKind.Hex
            : SlotKind.Text;
        return new Slot(start, value.Length, kind, field.Form);
    }

    /// <summary>The first blank from <paramref name="from"/> on behind which the field can begin; negative where there is none.</summary>
    public static int BlankBefore(FieldDefinition field, ReadOnlySpan<byte> text, int from, int end)
    {
        for (int position = from; position < end;)
        {
            int key = text[position..end].IndexOf(field.Key);
            if (key < 0)
            {
                return -1;
            }

            int blank = position + key - 1;
            position += key + field.Key.Length;
            if (blank >= from && text[blank] == (byte)' ' && (field.Form != FieldForm.Uuid || IsUuid(text[position..end])))
            {
                return blank;
            }
        }

        return -1;
    }

    /// <summary>How far it is to the blank, or to the end.</summary>
    public static int WordLength(ReadOnlySpan<byte> text) => text.IndexOf((byte)' ') is >= 0 and var blank ? blank : text.Length;

    // Where the open value of a field can end, from a place on, and where behind that the next open value begins.
    private static int NextEnd(ReadOnlySpan<byte> text, int from, int end, ReadOnlySpan<FieldDefinition> fields, int index, out int nextValue)
    {
        nextValue = end;
        if (index + 1 == fields.Length)
        {
            return end;
        }

        int blank = BlankBefore(fields[index + 1], text, from, end);
        while (blank >= 0 && (nextValue = PassClosed(text, blank, end, fields, index + 1)) < 0)
        {
            blank = BlankBefore(fields[index + 1], text, blank + 1, end);
        }

        nextValue = blank < 0 ? -1 : nextValue;
        return blank;
    }

    // Where behind the fields that are not open the next open value begins, or the end where they are the last; negative where they are not there.
    private static int PassClosed(ReadOnlySpan<byte> text, int start, int end, ReadOnlySpan<FieldDefinition> fields, int index)
    {
        int position = start;
        for (; index < fields.Length; index++)
        {
            if (index > 0 && (position >= end || text[position++] != (byte)' '))
            {
                return -1;
            }

            FieldDefinition field = fields[index];
            if (!text[position..end].StartsWith(field.Key))
            {
                return -1;
            }

            position += field.Key.Length;
            if (IsOpen(field))
            {
                return position;
            }

            int length = WordLength(text[position..end]);
            if (!Fits(text.Slice(position, length), field))
            {
                return -1;
            }

            position += length;
        }

        return position == end ? end : -1;
    }

    private static int NextOpen(ReadOnlySpan<FieldDefinition> fields, int index)
    {
        while (index < fields.Length && !IsOpen(fields[index]))
        {
            index++;
        }

        return index;
    }

    private static bool Fits(ReadOnlySpan<byte> value, FieldDefinition field) => field.Form switch
    {
        FieldForm.Word => field.FixedValue is null || value.SequenceEqual(field.FixedBytes),
        FieldForm.Number when field.Rule == ValueRule.Process && value.SequenceEqual("-1"u8) => true,
        FieldForm.Number => value.Length is > 0 and < 20 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'),
        FieldForm.LargeNumber => Utf8Parser.TryParse(value, out ulong _, out int used) && used == value.Length,
        _ => IsUuid(value),
    };

    // A whole word: 'uuid=' of another length is none that libvirt writes.
    private static bool IsUuid(ReadOnlySpan<byte> text) =>
        WordLength(text) == UuidLength && Utf8Parser.TryParse(text[..UuidLength], out Guid _, out int used) && used == UuidLength;
}
