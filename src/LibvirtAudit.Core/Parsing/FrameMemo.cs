using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What surrounds the body in the record that was read last: <c>pid=N … msg='</c> before it, and the trailer with all that
/// follows it behind. One daemon writes the same bytes around every body, and the same bytes mean the same: what was
/// found in them is found again by comparing them.
/// </summary>
internal sealed class FrameMemo
{
    // Longer than any daemon's: what exceeds it may be anything, and is read each time.
    private const int LongestPart = 512;
    private readonly Slot[] _trailer = new Slot[Grammar.Trailer.Count];
    private readonly byte[] _head = new byte[LongestPart];
    private readonly byte[] _tail = new byte[LongestPart];
    private int _tailLength;
    private int _quote;
    private int? _processId;
    private uint? _userId;
    private uint? _loginUserId;
    private uint? _sessionId;
    private Slot _subject;
    private Slot _userName;
    private Slot _loginUserName;

    /// <summary>What was made of head and tail together; null where nothing was yet.</summary>
    public RecordSender? Sender { get; set; }

    /// <summary>How long the head is.</summary>
    public int HeadLength { get; private set; }

    /// <summary>Whether the payload that begins at <paramref name="start"/> begins with the head.</summary>
    public bool HasHead(ReadOnlySpan<byte> line, int start) => HeadLength > 0 && line[start..].StartsWith(_head.AsSpan(0, HeadLength));

    /// <summary>Fills the layout from the head that begins at <paramref name="start"/>.</summary>
    public void FillHead(int start, RecordLayout layout)
    {
        layout.ProcessId = _processId;
        layout.UserId = _userId;
        layout.LoginUserId = _loginUserId;
        layout.SessionId = _sessionId;
        layout.Subject = Moved(_subject, start);
    }

    /// <summary>Remembers a head that says no more than ids and a label: what stands from <paramref name="start"/> to the body.</summary>
    public void KeepHead(ReadOnlySpan<byte> line, int start, int body, RecordLayout layout)
    {
        Sender = null;
        HeadLength = Copy(line[start..body], _head);
        _processId = layout.ProcessId;
        _userId = layout.UserId;
        _loginUserId = layout.LoginUserId;
        _sessionId = layout.SessionId;
        _subject = Moved(layout.Subject, -start);
    }

    /// <summary>Fills the layout from the tail where the line ends with the same; false where it does not.</summary>
    /// <param name="line">The line.</param>
    /// <param name="body">Where the body begins.</param>
    /// <param name="layout">What is filled.</param>
    /// <param name="bodyEnd">Where the body ends.</param>
    /// <param name="quote">Where the quote stands that closes the message.</param>
    public bool TryTail(ReadOnlySpan<byte> line, int body, RecordLayout layout, out int bodyEnd, out int quote)
    {
        bodyEnd = line.Length - _tailLength;
        quote = bodyEnd + _quote;
        if (_tailLength == 0 || bodyEnd < body || !line[bodyEnd..].SequenceEqual(_tail.AsSpan(0, _tailLength)))
        {
            return false;
        }

        for (int i = 0; i < _trailer.Length; i++)
        {
            layout[Grammar.Trailer[i].Property] = Moved(_trailer[i], bodyEnd);
        }

        layout.UserName = Moved(_userName, bodyEnd);
        layout.LoginUserName = Moved(_loginUserName, bodyEnd);
        return true;
    }

    /// <summary>Remembers the tail of a line whose trailer is whole.</summary>
    public void KeepTail(ReadOnlySpan<byte> line, int bodyEnd, int quote, RecordLayout layout)
    {
        Sender = null;
        _tailLength = Copy(line[bodyEnd..], _tail);
        _quote = quote - bodyEnd;
        for (int i = 0; i < _trailer.Length; i++)
        {
            _trailer[i] = Moved(layout[Grammar.Trailer[i].Property], -bodyEnd);
        }

        _userName = Moved(layout.UserName, -bodyEnd);
        _loginUserName = Moved(layout.LoginUserName, -bodyEnd);
    }

    private static Slot Moved(Slot slot, int distance) => slot.Kind == SlotKind.Absent ? slot : slot with { Start = slot.Start + distance };

    private static int Copy(ReadOnlySpan<byte> bytes, byte[] kept) => bytes.TryCopyTo(kept) ? bytes.Length : 0;
}
