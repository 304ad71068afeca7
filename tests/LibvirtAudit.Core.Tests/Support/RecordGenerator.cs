using CsCheck;
using LibvirtAudit.Audit;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

/// <summary>Records of every shape of the grammar with hostile values in every field that takes them.</summary>
internal static class RecordGenerator
{
    private static readonly string[] Hostile =
    [
        "?", "", " ", "\"", "'", "\\", "=", "lab(res=failed)x='y'", "' res=failed", "x res=failed", "48656C6C6F", "(null)", "op=stop",
        "a\nb", "a\tb", "\u001b[31m", "gs\u001dUID=\"evil\"", "\0", "\u202e", "名前", "ünï", "\uef80\uefff", "msg='", "msg=audit(1.000:1):",
        " exe=\"/evil\" hostname=? addr=? terminal=? res=failed", "type=VIRT_CONTROL", "a b c", "uuid=00000000-0000-0000-0000-000000000000",
    ];

    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.OneOf(Hostile)),
        (2, Gen.Byte.Array[0, 40].Select(bytes => LibvirtAudit.Encoding.ByteText.GetString(bytes))),
        (2, Gen.String[Gen.Char[' ', '~'], 0, 40]),
        (1, Gen.Char.Select(c => new string(c, 3000)).Where(text => !char.IsSurrogate(text[0]))));

    // libvirt's own words, in which no blank can stand; '?' stands for none.
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-_.:+"], 1, 12];

    public static Gen<VirtAuditRecord> Record(RecordShape shape) =>
        Gen.Select(
            shape.Fields.Aggregate(Gen.Const(Array.Empty<object?>()), (values, field) => Gen.Select(values, Value(field).Where(value => field != shape.Fields[^1] || !EndsInColon(field, value)), (before, value) => (object?[])[.. before, value])),
            Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.ULong[0, uint.MaxValue], Gen.Int[1, int.MaxValue], Gen.UInt, Gen.UInt),
            Gen.Select(Text.Where(text => text != "?"), Gen.OneOf("success", "failed"), Gen.Null(Word), Gen.Null(Word)),
            (values, stamp, trailer) =>
            {
                (long milliseconds, ulong serial, int pid, uint uid, uint auid) = stamp;
                var record = new VirtAuditRecord
                {
                    EventId = FormattableString.Invariant($"{milliseconds / 1000}.{milliseconds % 1000:000}:{serial}"),
                    UnixMilliseconds = milliseconds,
                    Serial = serial,
                    RecordType = RecordTypes.GetName(shape.RecordType),
                    RecordTypeId = shape.RecordType,
                    ProcessId = pid,
                    UserId = uid == uint.MaxValue ? null : uid,
                    LoginUserId = auid == uint.MaxValue ? null : auid,
                };
                (record.Executable, record.Result, record.HostName, record.Terminal) = trailer;
                for (int i = 0; i < values.Length; i++)
                {
                    typeof(VirtAuditRecord).GetProperty(shape.Fields[i].Property.ToString())!.SetValue(record, values[i]);
                }

                return record;
            });

    // At the end of a body a colon is an old libaudit's, but behind a bare path (format.md §1).
    private static bool EndsInColon(FieldDefinition field, object? value) =>
        field.Form != FieldForm.Encoded && field.Property != RecordField.DevicePath && value is string text && text.EndsWith(':');

    private static Gen<object?> Value(FieldDefinition field)
    {
        if (field.FixedValue is not null)
        {
            return Gen.Const<object?>(field.FixedValue);
        }

        Gen<object?> value = field.Form switch
        {
            FieldForm.Encoded => Text.Where(text => text != "?" || !field.IsMissingInQuotes).Select(text => (object?)text),

            // Where the shape goes on behind a bare field, what looks like the next field would end it, as it does for libvirt's own reader.
            FieldForm.Verbatim => Text.Where(text => text != "?" && !text.Contains("img-ctx=", StringComparison.Ordinal) && !text.Contains("model=", StringComparison.Ordinal)).Select(text => (object?)text),
            FieldForm.Word => Word.Where(word => !(field.Name == "reason" && word == "open")).Select(word => (object?)word),
            FieldForm.Number => Gen.Long[0, long.MaxValue].Select(number => (object?)number),
            FieldForm.LargeNumber => Gen.ULong.Select(number => (object?)number),
            FieldForm.Uuid => Gen.Guid.Select(uuid => (object?)uuid),
            _ => throw new InvalidOperationException(),
        };
        return field.Missing == MissingForm.Never ? value : Gen.Frequency((4, value), (1, Gen.Const((object?)null)));
    }
}
