using System.Buffers;
using System.Globalization;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Encoding;

/// <summary>
/// Writes records as libvirt and libaudit do. It writes what it is given, unsafe bare values too, so that every record
/// that was read can be written again; who sends asks the rules first.
/// </summary>
public static class RecordEncoder
{
    /// <summary>Writes the body of <paramref name="record"/> in <paramref name="shape"/>.</summary>
    /// <exception cref="FaultException"><see cref="FaultId.MissingField"/>: the shape needs a value that the record has not. <see cref="FaultId.UnsupportedRecord"/>: a word holds a blank, which no record that was read does.</exception>
    public static void WriteBody(VirtAuditRecord record, RecordShape shape, IBufferWriter<byte> writer)
    {
        ReadOnlySpan<FieldDefinition> fields = shape.FieldSpan;
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                writer.Write(" "u8);
            }

            WriteField(record, fields[i], shape.Name, writer);
        }
    }

    /// <summary>Writes libaudit's trailer with the leading blank: <c> exe=… hostname=… addr=… terminal=… res=…</c>.</summary>
    /// <exception cref="FaultException"><see cref="FaultId.MissingField"/>: the record has no result.</exception>
    public static void WriteTrailer(VirtAuditRecord record, IBufferWriter<byte> writer)
    {
        foreach (FieldDefinition field in Grammar.Trailer)
        {
            writer.Write(" "u8);
            WriteField(record, field, "trailer", writer);
        }
    }

    private static void WriteField(VirtAuditRecord record, FieldDefinition field, string shape, IBufferWriter<byte> writer)
    {
        writer.Write(field.Key);
        switch (RecordProperties.Get(record, field.Property))
        {
            case null when field.Missing == MissingForm.Never:
                throw new FaultException(EncodingFaults.MissingField(shape, field));
            case null when record.IsMissingBare(field.Property):
                ValueEncoder.WriteMissing(MissingForm.Bare, writer);
                break;
            case null:
                ValueEncoder.WriteMissing(field.Missing, writer);
                break;
            case string text when field.Form == FieldForm.Encoded:
                ValueEncoder.WriteEncoded(text, writer);
                break;
            case string text when field.Form != FieldForm.Verbatim && text.Contains(' ', StringComparison.Ordinal):
                throw new FaultException(EncodingFaults.BreaksOut(field.Property.ToString(), text));
            case string text:
                ByteText.Write(text, writer);
                break;
            case Guid uuid:
                ByteText.Write(uuid, writer);
                break;
            case long number when field.Form != FieldForm.Encoded:
                ByteText.Write(number, writer);
                break;
            case ulong number when field.Form != FieldForm.Encoded:
                ByteText.Write(number, writer);
                break;
            case object other:
                string written = Convert.ToString(other, CultureInfo.InvariantCulture)!;
                if (field.Form == FieldForm.Encoded)
                {
                    ValueEncoder.WriteEncoded(written, writer);
                }
                else
                {
                    ByteText.Write(written, writer);
                }

                break;
        }
    }
}
