using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>
/// Looks for what speaks against the trust in a trail: takes its lines and records in their order, with the analysis that
/// makes sessions of them, and hands out findings as soon as each is known. Memory grows with hosts and guests, not with
/// the log.
/// </summary>
internal sealed class TrailCheck
{
    private readonly TrailAnalysis _analysis;
    private readonly SerialCheck _serials;
    private readonly ClockCheck _clock;
    private readonly WriterCheck _writers;
    private readonly DaemonCheck _daemon;
    private readonly LossCheck _losses;
    private readonly SessionCheck _sessions;
    private readonly List<string> _files = [];
    private readonly Action<VirtAuditFinding> _known;
    private (VirtAuditFinding Finding, string Text)? _damaged;
    private string? _source;
    private bool _anyRecord;

    /// <param name="analysis">The analysis, which nobody else feeds.</param>
    /// <param name="known">Is given each finding.</param>
    internal TrailCheck(TrailAnalysis analysis, Action<VirtAuditFinding> known)
    {
        _analysis = analysis;
        _known = known;
        _serials = new SerialCheck(known, analysis.Hosts);
        _clock = new ClockCheck(known, analysis.Hosts);
        _writers = new WriterCheck(known, analysis.Hosts);
        _daemon = new DaemonCheck(known, analysis.Hosts);
        _losses = new LossCheck(known);
        _sessions = new SessionCheck(known);
        analysis.SessionClosing = _sessions.Closing;
    }

    /// <summary>A log begins.</summary>
    internal void Open(string path)
    {
        TellDamaged();
        _files.Add(path);
        SetSource(path);
    }

    /// <summary>An event of any type, before what is made of its line.</summary>
    internal void Accept(in EventMoment moment)
    {
        TellDamaged();
        _serials.Accept(moment);
        if (_daemon.IsAnyOff && moment.IsOfKernel)
        {
            _daemon.Hear(moment.Node, moment.UnixMilliseconds, moment.Serial);
        }
    }

    /// <summary>The kernel's word that it lost records.</summary>
    internal void Accept(in LossNotice notice)
    {
        TellDamaged();
        _losses.Accept(notice, _source);
    }

    /// <summary>The next record; false where it was given before.</summary>
    internal bool Accept(VirtAuditRecord record)
    {
        if (record.Source != _source)
        {
            SetSource(record.Source);
        }

        _anyRecord = true;
        // The fault shows the line without control characters.
        bool isDamaged = _damaged is { } damaged && damaged.Text == PrintableText.Escape(record.RawText);
        if (isDamaged)
        {
            VirtAuditFinding finding = _damaged!.Value.Finding.About(record);
            finding.Evidence = EventName.Of(record) is string name ? [name] : [];
            finding.UnixMilliseconds = record.UnixMilliseconds;
            finding.Node = record.Node;
            TellDamaged();
        }

        _sessions.Current = new EventMark(record);
        _sessions.Latest = record.UnixMilliseconds > (_sessions.Latest ?? long.MinValue) ? record.UnixMilliseconds : _sessions.Latest;
        RecordNovelty novelty = _analysis.Take(record);
        bool isNew = novelty != RecordNovelty.Repeated;
        bool isInPlace = _serials.Accept(record, novelty);
        if (isNew)
        {
            _writers.Accept(record);
            if (isInPlace && !isDamaged)
            {
                _clock.Accept(record);
            }

            if (record.Delivered == false)
            {
                _known(Found.Of(FindingKind.NotDelivered, $"The kernel refused a record of guest {Found.Show(record.VMName)}: {Found.Brief(record)}", record.Node, record.UnixMilliseconds, EventName.Of(record))
                    .About(record));
            }
        }

        return isNew;
    }

    /// <summary>The next record of another type.</summary>
    internal void Accept(AuditEvent record)
    {
        _sessions.Current = new EventMark(record);
        if (!_analysis.Accept(record))
        {
            return;
        }

        if (record.Type is RecordTypes.DaemonStart or RecordTypes.SystemBoot)
        {
            _serials.AcceptStart(record);
        }

        _daemon.Accept(record);
    }

    /// <summary>A failure of reading; true where it is of a line, and all that is to be said of it is in the finding.</summary>
    internal bool Accept(Fault fault)
    {
        TellDamaged();
        bool isUnread = fault.Id == FaultId.UnreadLines;
        bool isLine = fault.Id == FaultId.MalformedRecord || isUnread;
        FindingKind kind = isUnread ? FindingKind.UnreadLines : isLine ? FindingKind.MalformedRecord : FindingKind.LogUnreadable;
        VirtAuditFinding finding = Found.Of(kind, fault.Message, null, null)
            .In(fault.Place?.Source ?? (isLine ? _source : fault.Target as string));
        finding.LineNumber = fault.Place?.Line;
        finding.Offset = fault.Place?.Offset;
        if (isLine && !isUnread && fault.Target is string text)
        {
            // What could be read of it follows, and tells of which event it is.
            _damaged = (finding, text);
        }
        else
        {
            _known(finding);
        }

        return isLine;
    }

    /// <summary>The log is at its end: what only the whole tells is handed out.</summary>
    internal void Complete()
    {
        TellDamaged();
        if (_files.Count != 1)
        {
            // What only the end tells is of none of them.
            SetSource(null);
        }

        _sessions.IsAtEnd = true;
        _analysis.Complete();
        _serials.Complete();
        _daemon.Complete();
        _losses.Complete();
        _writers.Complete();
        foreach (string path in RotationOrder.Gaps(_files))
        {
            _known(Found.Of(FindingKind.RotationGap, $"'{Found.Show(path)}' is missing among the logs that were read", null, null).In(path));
        }

        if (!_anyRecord)
        {
            _known(Found.Of(FindingKind.NoRecords, "There is no record of libvirt in what was read", null, null).In(_files.Count == 1 ? _files[0] : null));
        }
    }

    private void TellDamaged()
    {
        if (_damaged is { } damaged)
        {
            _damaged = null;
            _known(damaged.Finding);
        }
    }

    private void SetSource(string? source) => _source = _serials.Source = _daemon.Source = _sessions.Source = source;
}
