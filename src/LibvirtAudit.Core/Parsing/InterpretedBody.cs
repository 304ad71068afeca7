using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Reads a body as <c>ausearch -i</c> shows it: with the quotes taken away and hex decoded, so that a value may hold blanks
/// and what looks like fields. What libvirt wrote is one of the ways in which the text is one of its shapes. Where there is
/// only one way it was that, whatever a guest is called; where there are more, nothing from the guest's name on is taken for
/// true. The octal escapes that ausearch writes for control characters stay as they are: the text doesn't tell them from
/// the same characters in a name.
/// </summary>
internal static class InterpretedBody
{
    private const string Ambiguous = "a value holds what may be a field or a record, which 'ausearch -i' does not tell apart ('ausearch --raw' does)";

    /// <summary>Fills <paramref name="layout"/> from the body at <paramref name="start"/> up to <paramref name="end"/>.</summary>
    /// <param name="text">The text that holds the body.</param>
    /// <param name="start">Where the body begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isCut">Whether the text was cut at its end.</param>
    /// <param name="allowShape">Whether the trailer behind it is whole, so that libvirt can have written it.</param>
    /// <param name="layout">What is filled; it gets a defect where the body can be read in more than one way.</param>
    public static void Read(ReadOnlySpan<byte> text, int start, int end, bool isCut, bool allowShape, RecordLayout layout)
    {
        // Either a value, or a record that was written behind the half of another.
        bool isAmbiguous = text[start..end].IndexOf(" msg=audit("u8) >= 0;
        RecordShape? found = null;
        Span<int> ends = stackalloc int[InterpretedShape.MostFields];
        if (allowShape && !isAmbiguous)
        {
            foreach (RecordShape shape in ShapeIndex.Candidates(layout.Type, text[start..end]))
            {
                if (InterpretedShape.TryFind(text, start, end, shape, ends))
                {
                    isAmbiguous |= found is not null || InterpretedShape.IsPossibleOtherwise(text, end, shape, ends);
                    InterpretedShape.Fill(text, start, end, shape, ends, layout);
                    found = shape;
                }
            }
        }

        if (found is null || isAmbiguous)
        {
            layout.ClearBody();
            ReadLoose(text, start, end, isCut, isAmbiguous, layout);
        }
        else
        {
            layout.Shape = found;
            layout.Type = found.RecordType;
        }
    }

    // Every libvirt writes the UUID right behind the name. A body without one is of another program.
    private static void ReadLoose(ReadOnlySpan<byte> text, int start, int end, bool isCut, bool isAmbiguous, RecordLayout layout)
    {
        FieldDefinition name = FieldNames.Find("vm"u8)!, uuid = FieldNames.Find("uuid"u8)!;
        int key = text[start..end].StartsWith(name.Key) ? start : InterpretedShape.BlankBefore(name, text, start, end) + 1;
        int value = key + name.Key.Length;
        int blank = key == 0 ? -1 : InterpretedShape.BlankBefore(uuid, text, value, end);
        if (key == 0 || (blank < 0 && !isCut && !isAmbiguous))
        {
            LooseBody.Read(text, start, end, isCut, layout);
            return;
        }

        LooseBody.Read(text, start, key, isCut: false, layout);
        isAmbiguous |= blank >= 0 && InterpretedShape.BlankBefore(uuid, text, blank + 1, end) >= 0;
        if (isAmbiguous)
        {
            layout.Defect ??= Ambiguous;
        }

        if (isAmbiguous || isCut)
        {
            layout.Additional.Add(new Slot(key, end - key));
            return;
        }

        int id = blank + 1 + uuid.Key.Length;
        layout[name.Property] = InterpretedShape.Value(text[value..blank], value, name);
        layout[uuid.Property] = new Slot(id, InterpretedShape.UuidLength, SlotKind.Text, uuid.Form);
        ReadBehindUuid(text, id + InterpretedShape.UuidLength, end, layout);
    }

    // Words and numbers, up to the first value that may hold anything. Of that one it is known where it ends if nothing in it can be a field.
    private static void ReadBehindUuid(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout)
    {
        int position = start;
        FieldDefinition? field = null;
        while (position < end)
        {
            int blanks = text[position..end].IndexOfAnyExcept((byte)' ');
            ReadOnlySpan<byte> token = blanks < 0 ? default : text[(position + blanks)..end];
            token = token[..InterpretedShape.WordLength(token)];
            int equals = token.IndexOf((byte)'=');
            field = equals < 0 ? null : FieldNames.Find(token[..equals]);
            if (!token.IsEmpty && (field is null || InterpretedShape.IsOpen(field)))
            {
                position += blanks;
                break;
            }

            position = blanks < 0 ? end : position + blanks + token.Length;
        }

        LooseBody.Read(text, start, position, isCut: false, layout);
        if (position == end)
        {
            return;
        }

        int value = field is null ? end : position + field.Key.Length;
        ReadOnlySpan<byte> behindFirstWord = text[(value + InterpretedShape.WordLength(text[value..end]))..end];
        if (field is not null && !behindFirstWord.Contains((byte)'='))
        {
            layout[field.Property] = InterpretedShape.Value(text[value..end], value, field);
        }
        else
        {
            layout.Additional.Add(new Slot(position, end - position));
        }
    }
}
