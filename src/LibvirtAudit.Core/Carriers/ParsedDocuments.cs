using System.Globalization;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Carriers;

/// <summary>
/// Documents of parsed records: Laurel's (<c>ID</c>, <c>NODE</c>, and a key for each record type, whose value is the record or a list of
/// them) and Auditbeat's (<c>auditd.message_type</c>, <c>auditd.sequence</c>, <c>auditd.data.*</c>).
/// </summary>
internal static class ParsedDocuments
{
    private static ReadOnlySpan<byte> Data => "auditd.data."u8;

    // What Auditbeat's schema calls the fields of a record's head and of libaudit's trailer.
    private static readonly (string Path, string Name)[] Known =
    [
        ("process.pid", "pid"), ("user.id", "uid"), ("user.audit.id", "auid"), ("auditd.session", "ses"), ("auditd.result", "res"),
            ("process.executable", "exe"),
    ];

    /// <summary>
    /// Hands each record of the innermost document to <paramref name="sink"/> as a line; false where the document is of neither.
    /// </summary>
    public static bool TryRead(JsonFields fields, ref ParsedSink sink)
    {
        int id = Find(fields, "ID"u8);
        if (id >= 0 && fields.KindOf(id) == JsonKind.String && EventStamp.TryRead(fields.ValueOf(id), out _, out _))
        {
            ReadLaurel(fields, fields.ValueOf(id), ref sink);
            return true;
        }

        int type = Find(fields, "auditd.message_type"u8), sequence = Find(fields, "auditd.sequence"u8), time = Find(fields, "@timestamp"u8);
        if (type < 0 || sequence < 0 || time < 0 || DocumentTime.Read(fields.ValueOf(time)) is not long milliseconds
            || !ulong.TryParse(fields.ValueOf(sequence), NumberStyles.None, CultureInfo.InvariantCulture, out ulong serial))
        {
            return false;
        }

        ReadAuditbeat(fields, fields.ValueOf(type), System.Text.Encoding.ASCII.GetBytes(EventStamp.Write(milliseconds, serial)), ref sink);
        return true;
    }

    private static int Find(JsonFields fields, ReadOnlySpan<byte> path)
    {
        for (int i = fields.First; i < fields.Count; i++)
        {
            if (fields.PathOf(i).SequenceEqual(path))
            {
                return i;
            }
        }

        return -1;
    }

    // The values of one record follow each other; those of a list are told apart by their element.
    private static void ReadLaurel(JsonFields fields, ReadOnlySpan<byte> stamp, ref ParsedSink sink)
    {
        int type = 0, element = 0;
        byte[] typeName = [];
        ReadOnlySpan<byte> node = Find(fields, "NODE"u8) is >= 0 and var host ? fields.ValueOf(host) : default;
        var record = new ParsedRecord();
        for (int i = fields.First; i <= fields.Count; i++)
        {
            ReadOnlySpan<byte> path = i < fields.Count ? fields.PathOf(i) : default;
            int dot = path.IndexOf((byte)'.');
            ReadOnlySpan<byte> name = dot < 0 ? default : path[..dot];
            bool isSame = i < fields.Count && name.SequenceEqual(typeName) && fields.ElementOf(i) == element;
            if (!isSame)
            {
                if (type != 0)
                {
                    sink.TakeLine(record.Write(type, stamp), node);
                }

                record.Clear();
                type = name.IsEmpty ? 0 : RecordTypes.Parse(name);
                typeName = name.ToArray();
                element = i < fields.Count ? fields.ElementOf(i) : 0;
            }

            if (type != 0 && fields.KindOf(i) != JsonKind.CutString)
            {
                record.Add(System.Text.Encoding.UTF8.GetString(path[(dot + 1)..]), fields.ValueOf(i));
            }
        }
    }

    private static void ReadAuditbeat(JsonFields fields, ReadOnlySpan<byte> typeName, ReadOnlySpan<byte> stamp, ref ParsedSink sink)
    {
        int type = RecordTypes.Parse(System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.UTF8.GetString(typeName).ToUpperInvariant()));
        if (type == 0)
        {
            return;
        }

        var record = new ParsedRecord();
        for (int i = fields.First; i < fields.Count; i++)
        {
            ReadOnlySpan<byte> path = fields.PathOf(i);
            string? name = path.StartsWith(Data) ? System.Text.Encoding.UTF8.GetString(path[Data.Length..])
                : Array.Find(Known, known => System.Text.Ascii.Equals(fields.PathOf(i), known.Path)).Name;
            if (!string.IsNullOrEmpty(name) && fields.KindOf(i) != JsonKind.CutString)
            {
                record.Add(name, fields.ValueOf(i));
            }
        }

        sink.TakeLine(record.Write(type, stamp), default);
    }
}
