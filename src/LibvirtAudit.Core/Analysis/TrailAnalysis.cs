using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// The analysis of a log: takes its records in their order, each once, and hands out sessions, assignments and incidents as
/// soon as each is known. Memory grows with the guests and with what they have open, not with the log.
/// </summary>
public sealed class TrailAnalysis
{
    private readonly int? _capacity;
    private RepeatFilter _repeats;
    private readonly SessionTracker _sessions;
    private readonly AssignmentTracker _assignments;
    private readonly IncidentTracker _incidents;
    private readonly ProfileSessions _profiles;

    /// <summary>Starts an analysis.</summary>
    public TrailAnalysis()
        : this(null)
    {
    }

    /// <summary>Starts an analysis that remembers at most that many records.</summary>
    internal TrailAnalysis(int? capacity)
    {
        _capacity = capacity;
        _repeats = new RepeatFilter(capacity ?? RepeatFilter.Capacity, Hosts);
        var paths = new LiveIndex<HostText>();
        _assignments = new AssignmentTracker(paths);
        var guests = new GuestIndex(Hosts);
        _sessions = new SessionTracker(guests, new Listener(this), session => SessionKnown?.Invoke(session));
        _profiles = new ProfileSessions(guests, session => SessionKnown?.Invoke(session));
        _incidents = new IncidentTracker(incident => IncidentKnown?.Invoke(incident), guests, paths);
    }

    /// <summary>Called with each session as soon as it is known: when it ended, or at the end of the log.</summary>
    public Action<VirtAuditSession>? SessionKnown { get; set; }

    /// <summary>
    /// Called with each assignment as soon as it has ended, or at the end of the log; before the session that had it. To be
    /// set before the first record: what nobody asks for is not kept.
    /// </summary>
    public Action<VirtAuditAssignment>? AssignmentKnown
    {
        get => _assignments.Known;
        set => _assignments.Known = value;
    }

    /// <summary>Called with each incident, those that tie to no guest among them.</summary>
    public Action<VirtAuditIncident>? IncidentKnown { get; set; }

    /// <summary>Which names of the log are of one host.</summary>
    internal HostNames Hosts { get; } = new();

    /// <summary>Called with each session that ends, and how, before it is handed out; not with starts that failed.</summary>
    internal Action<GuestSession, SessionEnd>? SessionClosing { get; set; }

    /// <summary>
    /// How many records were taken that may have been given before: what came at their time is not remembered any more, or
    /// they equal one that was given and hold no serial or no stamp that would tell them apart.
    /// </summary>
    public long PossibleRepeats { get; private set; }

    /// <summary>How many records of every type were taken so because what came at their time is not remembered any more.</summary>
    internal long Forgotten => _repeats.Forgotten;

    /// <summary>Takes the next record; false where it was given before.</summary>
    public bool Accept(VirtAuditRecord record) => Take(record) != RecordNovelty.Repeated;

    /// <summary>
    /// All records will come from one log: fewer are remembered than of several, which may overlap. To be called before the
    /// first record.
    /// </summary>
    public void ExpectOneLog() => _repeats = new RepeatFilter(_capacity ?? RepeatFilter.CapacityOfOneLog, Hosts);

    /// <summary>Takes the next record, unless it was given before.</summary>
    internal RecordNovelty Take(VirtAuditRecord record)
    {
        RecordNovelty novelty = _repeats.Judge(record);
        if (novelty != RecordNovelty.Repeated)
        {
            PossibleRepeats += novelty == RecordNovelty.Unknown ? 1 : 0;
            _sessions.Accept(record);
            _incidents.Flush(record.Node, record.UnixMilliseconds);
        }

        return novelty;
    }

    /// <summary>The log is at its end: what is open is handed out as it stands.</summary>
    public void Complete()
    {
        _incidents.Complete();
        _sessions.Complete();
        _profiles.Complete();
    }

    /// <summary>Takes the next record of another type; false where it was given before.</summary>
    internal bool Accept(AuditEvent record)
    {
        if (_repeats.Judge(record) == RecordNovelty.Repeated)
        {
            return false;
        }

        if (EventTypes.IsCompanion(record.Type))
        {
            _incidents.Explain(record);
            return true;
        }

        _sessions.Accept(record);
        _profiles.Accept(record);
        if (IncidentReader.Read(record) is VirtAuditIncident incident)
        {
            _incidents.Accept(incident);
        }

        return true;
    }

    private sealed class Listener(TrailAnalysis analysis) : ISessionListener
    {
        public void Labelled(GuestSession session, VirtAuditRecord record) => analysis._incidents.Labelled(session, record);

        public void Resource(GuestSession session, VirtAuditRecord record)
        {
            analysis._assignments.Accept(session, record);
            analysis._incidents.Resource(session, record);
        }

        public void Opened(GuestSession session) => analysis._incidents.Opened(session);

        public void Initialized(GuestSession session) => analysis._incidents.Initialized(session);

        public void Merged(GuestSession session, GuestSession other) => analysis._assignments.Merge(session, other);

        public void Closing(GuestSession session, SessionEnd end)
        {
            analysis.SessionClosing?.Invoke(session, end);
            analysis._assignments.End(session, end);
            IncidentTracker.Ended(session);
        }

        public void Dropped(GuestSession session)
        {
            AssignmentTracker.Forget(session);
            session.RemoveRegistrations();
        }

        public void Abandoned(GuestSession session)
        {
            analysis._incidents.Name(session);
            AssignmentTracker.Forget(session);
            IncidentTracker.Ended(session);
        }
    }
}
