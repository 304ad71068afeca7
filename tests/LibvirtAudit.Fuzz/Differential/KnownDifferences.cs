using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>
/// Why this project and libauparse 3.0.9 read a line differently, where they do: what is known, with its reason. Each is a
/// choice of one of the two; a difference that is none of these is a finding.
/// </summary>
internal static partial class KnownDifferences
{
    private static readonly char[] Punctuation = [':', ',', ')', '\'', ';'];

    private static readonly (string Reason, Predicate<Case> Holds)[] All =
    [
        ("the line is told as malformed; what libauparse makes of a cut or damaged record is not compared", found => found.IsMalformed),
        ("another carrier than audit.log, which libauparse does not read", found => !found.Line.StartsWith("type=", StringComparison.Ordinal) && !found.Line.StartsWith("node=", StringComparison.Ordinal)),
        ("what ausearch -i wrote, which libauparse does not read", found => found.Ours is { EventId: null, Serial: not null }),
        ("a bare value holds blanks (format.md §2): libauparse ends it at the first and takes the rest for fields",
            found => found.Ours is { } ours && new[] { ours.DevicePath, ours.VMContext, ours.ImageContext, ours.Model }.Any(value => value?.Contains(' ') == true)),
        ("a stamp of the second 0 is none for libauparse", found => found.Field == "record" && found.Ours?.EventId?.StartsWith("0.", StringComparison.Ordinal) == true),
        ("libauparse does not look at the case of a type's name", found => found.Field == "record" && found.Ours is null && !found.Line.Contains("type=" + found.Theirs[0], StringComparison.Ordinal)),
        ("the separator before the enriched part is lost (format.md §1), or 0x1D stands in a value: libauparse goes by the first 0x1D alone",
            found => found.Line.Contains('\u001d') || found.Line.Contains("'UID=\"", StringComparison.Ordinal) || found.Theirs.Any(value => value?.Contains('\'') == true)),
        ("an id that is no number is taken for a name, as ausearch -i writes it", found => found.Field is "pid" or "uid" or "auid" or "ses" && !found.Raw.All(IsId)),
        ("a message that was cut out of JSON without undoing its escapes, which this project undoes", found => found.Line.Contains(" vm=\\\"", StringComparison.Ordinal)),
        ("a value in quotes holds blanks or quotes, which no writer leaves in one: libauparse ends it at the first", found => found.Value?.AsSpan().ContainsAny(" '\"") == true),
        ("a quote that is not closed takes what follows for its value, up to the next quote or the message's end", found => found.Value is null or Comparison.Unset && found.StandsInAnother),
        ("a value in quotes ends at its quote: what follows without a blank is another word",
            found => found.Raw.Any(raw => raw.StartsWith('"' + found.Value + '"', StringComparison.Ordinal) || raw.StartsWith("\"?\"", StringComparison.Ordinal))),
        ("a field right behind a quote or a bracket is a field, and for libauparse part of what stands before it", found => found.Value is not null && found.Theirs.Count == 0 && found.IsGlued),
        ("key=key=VALUE is read as key=VALUE, which some builds of Docker meant by it", found => found.Raw.Any(raw => raw.StartsWith(found.Field + "=", StringComparison.Ordinal))),
        ("a name of libvirt's published page (format.md §3)", found => found.Field == "device" && found.Theirs.Count == 0 && found.Line.Contains("dev=", StringComparison.Ordinal)),
        ("of several fields for one property the first counts", found => IsOfValue(found.Field) && found.Truth!.Fields.Select(field => field.Name).Where(name => name.StartsWith(found.Field[..4], StringComparison.Ordinal)).Distinct().Count() > 1),
        ("libauparse drops punctuation behind a value", found => found.Value is string value && found.Raw.Any(raw => raw.TrimEnd(Punctuation) == value.TrimEnd(Punctuation))),
        ("a stamp or number is kept as it stands, with its leading zeros", found => found.Value is string value && found.Theirs.Any(theirs => theirs is not null && IsSameNumber(value, theirs))),
        ("a field of which nothing but its name is there is none for libauparse", found => found.Value is "" && found.Raw.All(raw => raw.Length > 0)),
        ("a value that is not of its field's form (a UUID, a number), or stands behind the first of its name, is kept in AdditionalFields",
            found => found.Ours?.AdditionalFields is string more && found.Raw.Any(raw => more.Contains(found.Field + "=" + raw, StringComparison.Ordinal))),
    ];

    /// <summary>The reason of a difference; null where none is known.</summary>
    public static string? Reason(ReadOnlySpan<byte> line, Difference difference, Comparison comparison, TruthRecord? theirs)
    {
        var found = new Case(ByteText.GetString(line), difference, comparison.Found.Records.FirstOrDefault(), comparison.Found.Malformed.Count > 0, theirs);
        return Array.Find(All, known => known.Holds(found)).Reason;
    }

    private static bool IsId(string value) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id.ToString(CultureInfo.InvariantCulture) == value;

    private static bool IsOfValue(string field) => field.StartsWith("old-", StringComparison.Ordinal) || field.StartsWith("new-", StringComparison.Ordinal);

    private static bool IsSameNumber(string left, string right) => LeadingZeros().Replace(left, "") == LeadingZeros().Replace(right, "");

    [GeneratedRegex(@"(?<![0-9.])0+(?=[0-9])")]
    private static partial Regex LeadingZeros();

    private sealed record Case(string Line, Difference Difference, VirtAuditRecord? Ours, bool IsMalformed, TruthRecord? Truth)
    {
        public string Field => Difference.Field;

        public string? Value => Difference.Ours;

        public IReadOnlyList<string?> Theirs => Difference.Theirs;

        /// <summary>Whether another value, as this project reads it, holds the field.</summary>
        public bool StandsInAnother => Ours is not null && ((Ours.AdditionalFields + Ours.Subject).Contains(Field + "=", StringComparison.Ordinal)
            || Enum.GetValues<RecordField>().Any(property => RecordProperties.Get(Ours, property) is string value && value.Contains(Field + "=", StringComparison.Ordinal)));

        /// <summary>Whether the field stands right behind something that ends another.</summary>
        public bool IsGlued => "\"'):".Any(end => Line.Contains(end + Field + "=", StringComparison.Ordinal));

        public IEnumerable<string> Raw => Truth?.Fields.Where(read => read.Name == Field).Select(read => read.Raw) ?? [];
    }
}
