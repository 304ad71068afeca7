using System.Buffers;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// A record that another program has parsed, written again as the line that it was made of: each value in the form that its field
/// has in a log, so that what reads logs reads it, and no value can be taken for more than one.
/// </summary>
internal sealed class ParsedRecord
{
    private const int FirstUserType = 1100;
    private static readonly string[] HeadNames = ["pid", "uid", "auid", "ses", "subj"];
    private static readonly string[] VerdictNames = ["denied", "granted", "seresult", "seperms"];
    private static readonly string[] TrailerNames = [.. Grammar.Trailer.Select(field => field.Name)];
    private readonly List<(string Name, string Value)> _values = [];
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Forgets the values.</summary>
    public void Clear() => _values.Clear();

    /// <summary>Adds a field; of several of one name the first counts, but names of ids, of which Docker's records have more.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        int known = _values.FindIndex(field => field.Name == name);
        if (known < 0)
        {
            _values.Add((name, ByteText.GetString(value)));
        }
        else if (name is "denied" or "granted")
        {
            _values[known] = (name, _values[known].Value + " " + ByteText.GetString(value));
        }
    }

    /// <summary>The line of the record; <paramref name="stamp"/> is <c>SEC.MMM:SERIAL</c>.</summary>
    public ReadOnlySpan<byte> Write(int type, ReadOnlySpan<byte> stamp)
    {
        _line.ResetWrittenCount();
        Write("type=", RecordTypes.GetName(type));
        _line.Write(" msg=audit("u8);
        _line.Write(stamp);
        _line.Write("):"u8);
        foreach (string name in HeadNames)
        {
            WriteBare(name);
        }

        // The messages of programs stand in quotes, and those of the kernel do not.
        bool isMessage = type is >= FirstUserType and < 1200 or >= 2000;
        if (RecordTypes.IsVirt(type))
        {
            _line.Write(" msg='"u8);
            WriteBody(type);
        }
        else
        {
            _line.Write(isMessage ? " msg='"u8 : " "u8);
            WriteVerdict();
            WriteFields(OthersThan([.. HeadNames, .. VerdictNames]).Where(name => !IsEnriched(name)));
        }

        if (isMessage)
        {
            _line.Write("'"u8);
        }

        if (Value("UID") is not null || Value("AUID") is not null)
        {
            WriteName("\x1dUID="u8, "UID");
            WriteName(" AUID="u8, "AUID");
        }

        return _line.WrittenSpan;
    }

    private static bool IsEnriched(string name) => name.All(char.IsAsciiLetterUpper);

    private string? Value(string name)
    {
        foreach ((string known, string value) in _values)
        {
            if (known == name)
            {
                return value;
            }
        }

        return null;
    }

    private IEnumerable<string> OthersThan(IEnumerable<string> names) => _values.Select(value => value.Name).Except(names);

    // SELinux's 'avc:  denied  { read } for': Laurel makes a list of it, Auditbeat two fields.
    private void WriteVerdict()
    {
        string? verdict = Value("denied") is not null ? "denied" : Value("granted") is not null ? "granted" : Value("seresult");
        string? permissions = verdict is null ? null : Value(verdict) ?? Value("seperms");
        if (verdict is "denied" or "granted" && SafeText.IsUnquoted(permissions ?? ""))
        {
            Write("avc:  ", verdict);
            Write("  { ", permissions ?? "");
            _line.Write(" } for  "u8);
        }
    }

    // In libvirt's order where the fields are those of one of its schemas; a parser need not keep it.
    private void WriteBody(int type)
    {
        string[] names = [.. OthersThan([.. HeadNames, .. TrailerNames]).Where(name => !IsEnriched(name))];
        RecordShape? shape = Grammar.Shapes.FirstOrDefault(candidate => candidate.RecordType == type
            && candidate.Fields.Count == names.Length
            && candidate.Fields.All(field => Value(field.Name) is string value && (field.FixedValue is null || field.FixedValue == value)));
        if (shape is null)
        {
            WriteFields(names);
        }

        // The same name may be encoded in one schema and not in another: 'path'.
        foreach (FieldDefinition field in shape?.Fields ?? [])
        {
            _line.Write(field == shape!.Fields[0] ? ""u8 : " "u8);
            WriteField(field, Value(field.Name));
        }

        if (Value("res") is null)
        {
            return;
        }

        foreach (FieldDefinition field in Grammar.Trailer)
        {
            _line.Write(" "u8);
            WriteField(field, Value(field.Name));
        }
    }

    private void WriteFields(IEnumerable<string> names)
    {
        bool isFirst = true;
        foreach (string name in names)
        {
            _line.Write(isFirst ? ""u8 : " "u8);
            isFirst = false;
            if (FieldNames.Find(ByteText.GetBytes(name)) is FieldDefinition field)
            {
                WriteField(field, Value(name));
            }
            else
            {
                Write(name, "=");
                WriteUnknown(Value(name)!);
            }
        }
    }

    private void WriteField(FieldDefinition field, string? value)
    {
        _line.Write(field.Key);
        if (value is null || (value is "?" or "" && field.Missing != MissingForm.Never))
        {
            ValueEncoder.WriteMissing(field.Missing, _line);
        }
        else if (field.Form == FieldForm.Encoded)
        {
            ValueEncoder.WriteEncoded(value, _line);
        }
        else if (field.Form == FieldForm.Verbatim)
        {
            ByteText.Write(value.Replace('\n', ' '), _line);
        }
        else
        {
            WriteUnknown(value);
        }
    }

    private void WriteUnknown(string value)
    {
        if (SafeText.IsOneWord(value))
        {
            ByteText.Write(value, _line);
        }
        else
        {
            ValueEncoder.WriteEncoded(value, _line);
        }
    }

    private void WriteBare(string name)
    {
        if (Value(name) is string value)
        {
            // A label may hold blanks; the ids and their names do not.
            bool isSafe = name == "subj" ? SafeText.IsUnquoted(value) && !value.Contains('=', StringComparison.Ordinal)
                : SafeText.IsOneWord(value);
            Write(" ", name);
            Write("=", isSafe ? value : "?");
        }
    }

    private void WriteName(ReadOnlySpan<byte> key, string name)
    {
        _line.Write(key);
        ValueEncoder.WriteEncoded(Value(name) ?? "unset", _line);
    }

    private void Write(string first, string second)
    {
        ByteText.Write(first, _line);
        ByteText.Write(second, _line);
    }
}
