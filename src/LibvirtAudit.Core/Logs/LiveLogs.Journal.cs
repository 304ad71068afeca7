using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;

namespace LibvirtAudit.Logs;

/// <content>Journals among the logs.</content>
public sealed partial class LiveLogs
{
    /// <summary>Adds the system's journal, as <c>journalctl</c> gives it.</summary>
    /// <exception cref="FaultException">BookmarkForeign: the bookmark is of other logs.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void AddJournal()
    {
        _bookmark?.CheckLogs([JournalQuery.SystemName]);
        BeginJournal(JournalQuery.For(_options));
        SaveBookmark();
    }

    private void BeginJournal(JournalQuery query)
    {
        var follower = new JournalFollower(query, _options, this, Environment.GetEnvironmentVariable("PATH"), _cancellation);
        try
        {
            LogPlace? place = _bookmark?.PlaceIn(query.Name);
            follower.Begin(place);
            _followers.Add(follower);
            if (place is null && Tail is int count)
            {
                _isBeginning = true;
                follower.ReadLast(count);
                _isBeginning = false;
            }
        }
        catch (FaultException exception)
        {
            follower.Dispose();
            _sink.OnFault(exception.Fault);
        }
    }
}
