using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>
/// What must hold of every text, whatever carries its records: it is read without an exception, in bounded memory, the same
/// however it is cut into blocks, the same through a filter inside the reader as through one behind it; what a record
/// shows is safe to show; and a record in libvirt's form, written again, is read as the same record.
/// </summary>
internal sealed class TextProperties
{
    /// <summary>The longest piece of a text that is read at once, where it comes in small pieces.</summary>
    private const int LongestPiece = 97;

    private static readonly ReadOptions Everything = new(RecordFilter.All) { IncludeMalformed = true };
    private readonly LineByLine _lines = new(Everything, makesMessages: true);
    private readonly LineByLine _again = new(Everything);
    private readonly BlockByBlock _blocks = new(Everything);
    private readonly RecordWriter _writer = new();
    private readonly Allocation _allocation = new();
    private readonly FilterProperty _filters = new();
    private readonly LinearTime _time;

    public TextProperties()
    {
        var reader = new LineByLine(Everything);
        _time = new LinearTime(text => reader.Read(text));
    }

    /// <summary>Checks them all of <paramref name="text"/>.</summary>
    public void Check(ReadOnlySpan<byte> text)
    {
        var choice = new InputHash(text);
        long before = Allocation.Now;
        Collector found = _lines.Read(text);
        if (_allocation.IsTooMuch(before, text.Length))
        {
            before = Allocation.Now;
            _lines.Read(text);
            _allocation.Check(before, text.Length);
        }

        // Each is another reading of the text: one of them a time, chosen by the text, costs a third.
        switch (choice.Next(3))
        {
            case 0:
                CheckBlocks(text, found, ref choice);
                break;
            case 1:
                _filters.Check(text, found.Records, ref choice);
                break;
            default:
                found.Records.ForEach(CheckShown);
                found.Records.ForEach(CheckWritten);
                break;
        }

        _time.Check(text, ref choice);
    }

    private void CheckBlocks(ReadOnlySpan<byte> text, Collector expected, ref InputHash choice)
    {
        InputHash pieces = choice;
        int longest = choice.OneIn(2) ? 1 + choice.Next(LongestPiece) : int.MaxValue;
        Collector found = _blocks.Read(text, longest == int.MaxValue ? () => longest : () => 1 + pieces.Next(longest));
        string? difference = RecordEquality.Difference(expected.Records, found.Records);
        if (difference is null && !expected.Malformed.SequenceEqual(found.Malformed))
        {
            difference = string.Create(CultureInfo.InvariantCulture, $"{expected.Malformed.Count} malformed lines and {found.Malformed.Count}, or at other places");
        }

        if (difference is not null && !CandidateLimits.Explain(text))
        {
            throw new PropertyException("a file gives what its lines give", difference);
        }
    }

    private static void CheckShown(VirtAuditRecord record)
    {
        Shown.Check("a record's ToString()", record.ToString());
        Shown.Check("a record's action", RecordText.Action(record));
        Shown.Check("a record's detail", RecordText.Detail(record));
        Shown.Check("an escaped name", PrintableText.Escape(record.VMName));
    }

    private void CheckWritten(VirtAuditRecord record)
    {
        if (record.RawText is not null)
        {
            return;
        }

        byte[] line;
        try
        {
            line = _writer.GetLine(record);
        }
        catch (FaultException fault)
        {
            Shown.Check("the message of a fault", fault.Message);
            return;
        }

        Collector again = _again.Read(line);
        string? difference = again.Records is [var only] ? RecordEquality.Difference(record, only)
            : string.Create(CultureInfo.InvariantCulture, $"{again.Records.Count} records");
        if (difference is not null)
        {
            throw new PropertyException("a record written again is read as the same", difference + " of " + ByteText.GetString(line));
        }
    }
}
