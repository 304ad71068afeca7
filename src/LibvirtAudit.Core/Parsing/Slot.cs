using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>What stands in a <see cref="Slot"/>.</summary>
internal enum SlotKind : byte
{
    /// <summary>The field is not there.</summary>
    Absent,

    /// <summary>The field says that its value is missing.</summary>
    Missing,

    /// <summary>The same with a bare <c>?</c>, in a field that says so in quotes as a rule (<see cref="MissingForm.QuotedOrBare"/>).</summary>
    MissingBare,

    /// <summary>The bytes are the value.</summary>
    Text,

    /// <summary>The bytes are the value in hex.</summary>
    Hex,
}

/// <summary>Where the value of one field stands in the text, without its quotes.</summary>
internal readonly record struct Slot(int Start, int Length, SlotKind Kind, FieldForm Form)
{
    public Slot(int start, int length)
        : this(start, length, SlotKind.Text, FieldForm.Word)
    {
    }

    public bool HasValue => Kind >= SlotKind.Text;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
}
