using System.Globalization;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>
/// Records with any values, as a caller of the Write cmdlets may give them: each is refused with a reason, or what is
/// written is one line that is read as that record. The input is the number of a shape, and the values of its fields, each
/// behind its length.
/// </summary>
internal sealed class EncoderTarget : FuzzTarget
{
    private readonly RecordWriter _writer = new();
    private readonly LineByLine _reader = new(new ReadOptions(RecordFilter.All) { IncludeMalformed = true });

    public override int LongestInput => 512;

    public override IReadOnlyList<string> Words =>
    [
        "\u0001?", "\u0004qemu", "\u0006booted", "\u000452:54:00:aa:00:01", " res=failed", "' res=failed", " img-ctx=", " model=", "0A:C8", "rwm", "a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45", "18446744073709551615", "9223372036854775807", "msg='", "\u001d", "\n",
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        var parser = new LineByLine(new ReadOptions(RecordFilter.All));
        foreach (byte[] line in new[] { "qemu-enriched.log", "lxc-enriched.log", "qemu-fakehw-enriched.log" }.SelectMany(file => TestData.Lines(file, "VIRT_")))
        {
            if (parser.Read(line).Records is [var record] && ShapeFinder.Find(record) is RecordShape shape)
            {
                byte[] seed = [(byte)Grammar.Shapes.ToList().IndexOf(shape), .. Values(shape).SelectMany(field => Value(record, field))];
                if (seed.Length <= LongestInput)
                {
                    yield return seed;
                }
            }
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        VirtAuditRecord record = Build(Grammar.Shapes[input[0] % Grammar.Shapes.Count], input[1..]);
        byte[] line;
        try
        {
            RecordValidator.Check(record, notice => Shown.Check("a warning", notice));
            line = _writer.GetLine(record);
            RecordValidator.CheckLength(_writer.GetMessage(record).Length);
        }
        catch (FaultException fault)
        {
            Shown.Check("the message of a fault", fault.Message);
            return;
        }

        string? difference = _reader.Read(line).Records is [var read] ? RecordEquality.Difference(record, read) : "not one record";
        if (difference is not null)
        {
            throw new PropertyException("what is written is read as what was meant", difference + " of " + ByteText.GetString(line));
        }
    }

    private static VirtAuditRecord Build(RecordShape shape, ReadOnlySpan<byte> values)
    {
        var record = new VirtAuditRecord
        {
            EventId = "1795360115.435:5090",
            UnixMilliseconds = 1_795_360_115_435,
            Serial = 5090,
            RecordType = RecordTypes.GetName(shape.RecordType),
            RecordTypeId = shape.RecordType,
            ProcessId = 1,
            UserId = 0,
            Executable = "/usr/sbin/libvirtd",
            Result = "success",
        };
        foreach (FieldDefinition field in shape.Fields.Where(field => field.FixedValue is not null))
        {
            RecordProperties.Set(record, field.Property, field.FixedValue);
        }

        foreach (FieldDefinition field in Values(shape))
        {
            if (values.IsEmpty)
            {
                break;
            }

            int length = Math.Min(values[0], values.Length - 1);
            string text = ByteText.GetString(values.Slice(1, length));
            RecordProperties.Set(record, field.Property, ValueOf(field, text));
            values = values[(length + 1)..];
        }

        return record;
    }

    private static IEnumerable<FieldDefinition> Values(RecordShape shape) =>
        shape.Fields.Where(field => field.FixedValue is null).Append(Grammar.Trailer.Single(field => field.Property == RecordField.Executable));

    private static object? ValueOf(FieldDefinition field, string text) => field.Form switch
    {
        FieldForm.Uuid => Guid.TryParse(text, out Guid uuid) ? uuid : null,
        FieldForm.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
        FieldForm.LargeNumber => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null,
        // A question mark is how a log says that there is no value, in quotes or bare (format.md §2), and is taken for it.
        _ => text == "?" && field.Missing != MissingForm.Never ? null : text,
    };

    private static byte[] Value(VirtAuditRecord record, FieldDefinition field)
    {
        byte[] value = ByteText.GetBytes(Convert.ToString(RecordProperties.Get(record, field.Property), CultureInfo.InvariantCulture) ?? "?");
        return [(byte)Math.Min(value.Length, byte.MaxValue), .. value.AsSpan(0, Math.Min(value.Length, byte.MaxValue))];
    }
}
