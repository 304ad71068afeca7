using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>Reads a body: as the shape that it has, or loosely where it has none.</summary>
internal static class BodyReader
{
    /// <summary>Reads a body and the trailer behind it, what stands between the quotes of <c>msg='…'</c>.</summary>
    /// <param name="text">The text that holds them.</param>
    /// <param name="start">Where the body begins.</param>
    /// <param name="end">Where the trailer ends.</param>
    /// <param name="isClosed">Whether the quote that ends the message is there.</param>
    /// <param name="layout">What is filled.</param>
    /// <returns>Where the body ends, if the trailer is whole and in libaudit's form; else a negative number.</returns>
    public static int ReadWithTrailer(ReadOnlySpan<byte> text, int start, int end, bool isClosed, RecordLayout layout)
    {
        layout.Message = new Slot(start, end - start);
        int bodyEnd = TrailerReader.Read(text, start, end, layout, out bool isWhole);
        bool isCut = layout[RecordField.Result].Kind == SlotKind.Absent || (!isWhole && !isClosed) || layout[RecordField.Executable].Kind == SlotKind.Absent;
        if (layout.IsInterpreted && !isCut && text[layout[RecordField.Executable].Start - 1] == (byte)'"')
        {
            // At 0x1D, which ends a line's own fields, ausearch loses its way, and gives what a value holds behind it for fields.
            isCut = true;
            isWhole = false;
            layout.Defect ??= "'ausearch -i' did not interpret the record's end, and left out some of it";
        }

        if (isCut)
        {
            // What looks like the end of a trailer may be of a value: 'path=/dev/x res=success', and cut there.
            layout.ClearTrailer();
            bodyEnd = end;
        }

        int valuesEnd = isCut ? bodyEnd : GluedColon.Strip(text, start, bodyEnd, layout);
        Read(text, start, valuesEnd, isCut, allowShape: isWhole && valuesEnd == bodyEnd, layout);
        if (isCut)
        {
            layout.Defect ??= "the record was cut, it has no result";
        }

        return isWhole && !isCut ? bodyEnd : -1;
    }

    /// <summary>Reads a body whose trailer is known to be whole and was read.</summary>
    public static void ReadWhole(ReadOnlySpan<byte> text, int start, int bodyEnd, int end, RecordLayout layout)
    {
        layout.Message = new Slot(start, end - start);
        int valuesEnd = GluedColon.Strip(text, start, bodyEnd, layout);
        Read(text, start, valuesEnd, isCut: false, allowShape: valuesEnd == bodyEnd, layout);
    }

    /// <summary>Reads a body that has no trailer, as libvirt logs it.</summary>
    public static void ReadAlone(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout)
    {
        layout.Message = new Slot(start, end - start);
        Read(text, start, end, isCut: false, allowShape: true, layout);
    }

    /// <summary>Reads what is left of a body that was cut at its end and had no trailer.</summary>
    public static void ReadCut(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout)
    {
        Read(text, start, end, isCut: true, allowShape: false, layout);
        layout.Defect ??= "the message was cut";
    }

    private static void Read(ReadOnlySpan<byte> text, int start, int end, bool isCut, bool allowShape, RecordLayout layout)
    {
        layout.ClearBody();
        if (layout.IsInterpreted)
        {
            InterpretedBody.Read(text, start, end, isCut, allowShape, layout);
            return;
        }

        if (allowShape)
        {
            foreach (RecordShape shape in ShapeIndex.Candidates(layout.Type, text[start..end]))
            {
                if (ShapeMatcher.TryMatch(text, start, end, shape, layout))
                {
                    layout.Shape = shape;
                    layout.Type = shape.RecordType;
                    return;
                }

                layout.ClearBody();
            }
        }

        LooseBody.Read(text, start, end, isCut, layout);
    }
}
