using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>A filter inside the reader gives what the same filter gives of all records.</summary>
internal sealed class FilterProperty
{
    // A time of the captures' evening, in their midst.
    private const long Midst = 1_795_360_000_000;
    private readonly Way[] _ways =
    [
        new(record => record.VMName, pattern => new RecordFilter { VMName = [pattern] }),
        new(record => record.Uuid?.ToString(), pattern => new RecordFilter { Uuid = [pattern] }),
        new(record => record.RecordType, pattern => new RecordFilter { RecordType = [pattern] }),
        new(record => record.ResourceType, pattern => new RecordFilter { ResourceType = [pattern] }),
        new(record => record.Operation, pattern => new RecordFilter { Operation = [pattern] }),
        new(record => record.Reason, pattern => new RecordFilter { Reason = [pattern] }),
        new(record => record.Result, pattern => new RecordFilter { Result = [pattern] }),
        new(record => record.Driver, pattern => new RecordFilter { Driver = [pattern], From = Midst }),
        new(record => record.Node, pattern => new RecordFilter { Node = [pattern], To = Midst }),
        new(record => record.NewValue?.ToString() ?? record.DevicePath ?? record.Device, pattern => new RecordFilter { Value = [pattern] }),
    ];

    private readonly List<VirtAuditRecord> _expected = [];

    /// <summary>Checks it with one filter, which passes at least the record whose value it has, if there is one.</summary>
    public void Check(ReadOnlySpan<byte> text, List<VirtAuditRecord> all, ref InputHash choice)
    {
        if (all.Count == 0)
        {
            return;
        }

        Way way = _ways[choice.Next(_ways.Length)];
        way.Wanted = way.ValueOf(all[choice.Next(all.Count)]) ?? "";
        _expected.Clear();
        foreach (VirtAuditRecord record in all)
        {
            if (way.Filter.Matches(record))
            {
                _expected.Add(record);
            }
        }

        if (RecordEquality.Difference(_expected, way.Reader.Read(text).Records) is string difference)
        {
            throw new PropertyException("a filter inside the reader is Where on everything", difference + " for '" + way.Wanted + "'");
        }
    }

    private sealed class Way
    {
        public Way(Func<VirtAuditRecord, string?> valueOf, Func<TextPattern, RecordFilter> filter)
        {
            ValueOf = valueOf;
            Filter = filter(new TextPattern(value => string.Equals(value, Wanted, StringComparison.OrdinalIgnoreCase)));
            Reader = new LineByLine(new ReadOptions(Filter) { IncludeMalformed = true });
        }

        public string Wanted { get; set; } = "";

        public Func<VirtAuditRecord, string?> ValueOf { get; }

        public RecordFilter Filter { get; }

        public LineByLine Reader { get; }
    }
}
