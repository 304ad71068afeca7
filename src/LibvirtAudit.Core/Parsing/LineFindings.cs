using LibvirtAudit.Parsing.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What the lines of one part of a text hold, found before it is their turn to be given out. Lines whose meaning hangs on
/// those around them, of libvirt's own log and of the journal's export form, can't be read so: they are only told of.
/// </summary>
internal sealed class LineFindings : ILineSink
{
    /// <summary>Stands for a line of which nothing was made yet.</summary>
    private static readonly object Line = new();

    private readonly CandidateScanner _scanner;
    private readonly LineReader _lines;
    private readonly List<Finding> _found = [];
    private ReadOnlyMemory<byte> _part;
    private long _offset;

    /// <summary>Makes an empty one.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    public LineFindings(ReadOptions options, string? source)
    {
        _scanner = LineReader.ScannerFor(options);
        _lines = new LineReader(options, source, this);
    }

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny => _lines.FoundAny;

    /// <summary>Whether a line was seen that can only be read in its turn; then what was found is not all.</summary>
    public bool NeedsOrder { get; private set; }

    /// <summary>Reads whole lines anew.</summary>
    /// <param name="part">The lines; they are to stay as they are until <see cref="GiveTo"/>.</param>
    /// <param name="offset">Where the part begins in the text.</param>
    public void Read(ReadOnlyMemory<byte> part, long offset)
    {
        _found.Clear();
        _part = part;
        _offset = offset;
        NeedsOrder = false;
        ReadOnlySpan<byte> text = part.Span;
        for (int position = 0; !NeedsOrder && _scanner.TryNext(text, ref position, out int start, out int end);)
        {
            ReadOnlySpan<byte> line = text[start..end];
            if (JournalExport.Begins(line))
            {
                NeedsOrder = true;
            }
            else
            {
                _lines.Feed(line, offset + start);
            }
        }
    }

    /// <summary>Gives out what was found, in the order of the lines.</summary>
    public void GiveTo(ILineSink sink)
    {
        foreach (Finding finding in _found)
        {
            switch (finding.What)
            {
                case VirtAuditRecord record:
                    sink.OnRecord(record, finding.Offset, finding.End);
                    break;
                case string defect:
                    sink.OnMalformed(finding.Offset, finding.End, defect, _part.Span.Slice((int)(finding.Offset - _offset), finding.Length));
                    break;
                case AuditEvent other:
                    sink.OnTrail(other);
                    break;
                default:
                    sink.OnLine(finding.Offset, _part.Span.Slice((int)(finding.Offset - _offset), finding.Length));
                    break;
            }
        }
    }

    void ILineSink.OnRecord(VirtAuditRecord record, long offset, long end) => _found.Add(new Finding(record, offset, end, 0));

    void ILineSink.OnLibvirtMessage(VirtAuditRecord record, long offset, long end, ulong? thread, ReadOnlySpan<byte> body) => NeedsOrder = true;

    void ILineSink.OnMalformed(long offset, long end, string defect, ReadOnlySpan<byte> line) => 
        _found.Add(new Finding(defect, offset, end, line.Length));

    void ILineSink.OnLine(long offset, ReadOnlySpan<byte> line) => _found.Add(new Finding(Line, offset, 0, line.Length));

    void ILineSink.OnTrail(AuditEvent other) => _found.Add(new Finding(other, 0, 0, 0));

    private readonly record struct Finding(object What, long Offset, long End, int Length);
}
