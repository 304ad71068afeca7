namespace LibvirtAudit.Format;

/// <summary>How the value of a field is written.</summary>
public enum FieldForm
{
    /// <summary>libaudit's name-value rule: in double quotes, or bare upper-case hex where a byte is <c>"</c>, below 0x21 or above 0x7E.</summary>
    Encoded,

    /// <summary>As it is, whatever it holds, a blank too: it ends where the next field of the shape, or the trailer, begins.</summary>
    Verbatim,

    /// <summary>As it is; libvirt's own vocabulary, in which no blank can stand.</summary>
    Word,

    /// <summary>A decimal number without sign or leading zeros, up to <see cref="long.MaxValue"/>; see also <see cref="ValueRule.Process"/>.</summary>
    Number,

    /// <summary>A decimal number without sign or leading zeros, up to <see cref="ulong.MaxValue"/>.</summary>
    LargeNumber,

    /// <summary>A UUID in lower case.</summary>
    Uuid,
}

/// <summary>How the absence of a value is written.</summary>
public enum MissingForm
{
    /// <summary>The field always has a value.</summary>
    Never,

    /// <summary><c>"?"</c></summary>
    Quoted,

    /// <summary><c>?</c></summary>
    Bare,

    /// <summary><c>"?"</c>, or <c>?</c> where the value could not be encoded: libvirt's <c>cgroup</c>, libaudit's <c>exe</c>.</summary>
    QuotedOrBare,
}

/// <summary>What a value must look like to be written; reading takes whatever the log holds.</summary>
public enum ValueRule
{
    /// <summary>Any text.</summary>
    None,

    /// <summary>A MAC address, <c>52:54:00:aa:00:01</c>.</summary>
    MacAddress,

    /// <summary>Two upper-case hexadecimal numbers of at least two digits, <c>0A:C8</c>.</summary>
    DeviceNumber,

    /// <summary>Upper-case hexadecimal of at least two digits, <c>88</c>.</summary>
    Major,

    /// <summary>Letters of <c>rwm</c>, each once and in that order.</summary>
    Access,

    /// <summary>An unsigned 32-bit count.</summary>
    Count,

    /// <summary>A process id, or 0 or -1 where there is none: libvirt 0.9.10 to 7.10 at least writes -1, 9.0 writes 0.</summary>
    Process,

    /// <summary>The address of a host device in the form of its bus; an odd one is a warning, libvirt itself writes <c>(null):0:3:1</c>.</summary>
    DeviceAddress,
}

/// <summary>One field of a record shape: what it is called, which property it is, how it is written.</summary>
public sealed class FieldDefinition
{
    private readonly string[] _values;
    private readonly byte[] _key;
    private readonly byte[] _fixedBytes;

    /// <summary>What stands for no process beside 0.</summary>
    internal const long NoProcess = -1;

    internal FieldDefinition(string name, RecordField property, FieldForm form, MissingForm missing = MissingForm.Never,
        ValueRule rule = ValueRule.None, string? fixedValue = null, params string[] values)
    {
        Name = name;
        Property = property;
        Form = form;
        Missing = missing;
        Rule = rule;
        FixedValue = fixedValue;
        _values = fixedValue is null ? values : [fixedValue];
        _key = System.Text.Encoding.ASCII.GetBytes(name + "=");
        _fixedBytes = System.Text.Encoding.ASCII.GetBytes(fixedValue ?? "");
    }

    /// <summary>The field's name in the record, <c>old-disk</c>.</summary>
    public string Name { get; }

    /// <summary>The property that it fills.</summary>
    public RecordField Property { get; }

    /// <summary>How its value is written.</summary>
    public FieldForm Form { get; }

    /// <summary>How the absence of a value is written.</summary>
    public MissingForm Missing { get; }

    /// <summary>What a value must look like to be written.</summary>
    public ValueRule Rule { get; }

    /// <summary>The one value by which the shape is known (<c>resrc=disk</c>); null where the field is open.</summary>
    public string? FixedValue { get; }

    /// <summary>The values that libvirt is known to write, for completion; empty where any is as likely. Never a limit to what is read.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>Who writes or wrote the field, where libvirt does not any more, for the reference page; else null.</summary>
    public string? Origin { get; internal init; }

    /// <summary>Whether the value names or measures the resource itself, so that a search by value looks at it.</summary>
    public bool IsResourceValue => Property is RecordField.OldValue or RecordField.NewValue or RecordField.Device or RecordField.HostDisk
        or RecordField.HostChardev or RecordField.MacAddress or RecordField.DevicePath or RecordField.DeviceNumber;

    /// <summary><see cref="Name"/> and <c>=</c>, as bytes.</summary>
    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>Whether <c>"?"</c> says that there is no value.</summary>
    internal bool IsMissingInQuotes => Missing is MissingForm.Quoted or MissingForm.QuotedOrBare;

    /// <summary>Whether <c>?</c> says that there is no value.</summary>
    internal bool IsMissingBare => Missing is MissingForm.Bare or MissingForm.QuotedOrBare;

    /// <summary><see cref="FixedValue"/> as bytes.</summary>
    internal ReadOnlySpan<byte> FixedBytes => _fixedBytes;

    /// <summary>The one of <see cref="Values"/> that is the same word in any case, as libvirt writes it; null where none is.</summary>
    internal string? FindWord(string text) => Array.Find(_values, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
}
