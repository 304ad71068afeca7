using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>Compares what this project makes of a line with what libauparse does, field by field.</summary>
internal sealed class Comparison
{
    // Every name that a field of the grammar has; what fills one property in several shapes is compared under each name.
    private static readonly string[] Names =
    [
        "pid", "uid", "auid", "ses", "virt", "op", "vm", "uuid", "reason", "resrc", "vm-pid", "init-pid", "pid-ns", "vm-ctx", "img-ctx", "model", "net", "path", "rdev", "bus", "device",
        "disk", "chardev", "cgroup", "class", "category", "maj", "acl", "size", "exe", "hostname", "addr", "terminal", "res",
    ];

    // How an id that is not set is written; a record has none then.
    public const string Unset = "4294967295";

    private readonly LineByLine _reader = new(new ReadOptions(RecordFilter.All) { IncludeMalformed = true });

    /// <summary>What this project found in the line that was compared last.</summary>
    public Collector Found => _reader.Found;

    /// <summary>How the readings differ.</summary>
    public List<Difference> Compare(ReadOnlySpan<byte> line, TruthRecord? theirs)
    {
        var differences = new List<Difference>();
        Collector found = _reader.Read(line);
        VirtAuditRecord? ours = found.Records is [var record, ..] ? record : null;
        bool theyHave = theirs?.Type is string type && (type.StartsWith("VIRT_", StringComparison.Ordinal) || type.StartsWith("UNKNOWN[25", StringComparison.Ordinal));
        if (ours is null || !theyHave)
        {
            if (ours is not null || theyHave)
            {
                differences.Add(new Difference("record", ours?.RecordType, [theirs?.Type]));
            }

            return differences;
        }

        Add(differences, "event", ours.EventId, [theirs!.EventId]);
        Add(differences, "type", ours.RecordType, [theirs.Type]);
        Add(differences, "node", ours.Node, [theirs.Node]);
        foreach (string name in Names.Concat(theirs.Fields.Select(field => field.Name).Where(IsOfValue).Distinct()))
        {
            string?[] values = [.. theirs.Fields.Where(field => field.Name == name).Select(field => field.Value(ours.ResourceType))];
            Add(differences, name, new TruthField(name, "", null).PropertyOf(ours), values);
        }

        return differences;
    }

    private static bool IsOfValue(string name) =>
        (name.StartsWith("old-", StringComparison.Ordinal) || name.StartsWith("new-", StringComparison.Ordinal)) && !name.AsSpan(4).ContainsAnyExceptInRange('a', 'z');

    private static void Add(List<Difference> differences, string field, string? ours, string?[] theirs)
    {
        bool isNone = ours is null || ours == Unset;
        bool agree = theirs.Length == 0 ? isNone
            : field == "uuid" ? theirs.Contains(ours, StringComparer.OrdinalIgnoreCase)
            : theirs.Contains(ours) || (isNone && theirs.Contains(Unset));
        if (!agree)
        {
            differences.Add(new Difference(field, ours, theirs));
        }
    }
}
