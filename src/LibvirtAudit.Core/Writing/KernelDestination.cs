using System.Diagnostics;
using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Writing;

/// <summary>
/// Sends records to the kernel by libvirt's audit levels. Since the kernel acknowledges what it drops, its state is asked
/// before the first record, again as often as the backlog has room for, and after the last; asking is skipped where the
/// process may send but not ask.
/// </summary>
internal sealed class KernelDestination : IRecordDestination
{
    /// <summary>At most so many records are sent between two looks at the kernel's state.</summary>
    private const uint MostBetweenLooks = 1024;
    private static readonly TimeSpan BacklogPause = TimeSpan.FromMilliseconds(10);

    /// <summary>The kernel gives up on a daemon that does not read after a tenth of a second (<c>kernel/audit.c</c>, sk_sndtimeo).</summary>
    private static readonly TimeSpan HangTimeout = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ConfirmPause = TimeSpan.FromMilliseconds(1);

    /// <summary>A daemon with nothing else to do has taken a record after two or three looks.</summary>
    private const int LooksWithoutPause = 8;

    private static readonly TimeSpan CompleteTimeout = TimeSpan.FromSeconds(1);

    private readonly bool _confirm;
    private readonly Func<AuditClient> _open;
    private readonly Action<string> _warn;
    private readonly TimeSpan _backlogTimeout;
    private AuditClient? _client;
    private AuditStatus? _status;
    private uint? _lostBefore;
    private uint _untilLook;
    private bool _mayAsk = true;
    private bool _hasWarned;
    private bool _hasSent;

    /// <summary>Sends to the kernel that <paramref name="open"/> opens.</summary>
    /// <param name="confirm">Whether the kernel's state is asked around every record, so that its receipt can claim something.</param>
    /// <param name="open">Opens the kernel's audit, with the first record.</param>
    /// <param name="warn">Takes what the caller should be told.</param>
    /// <param name="backlogTimeout">How long a full backlog may take to empty.</param>
    public KernelDestination(bool confirm, Func<AuditClient> open, Action<string> warn, TimeSpan backlogTimeout)
    {
        _confirm = confirm;
        _open = open;
        _warn = warn;
        _backlogTimeout = backlogTimeout;
    }

    /// <summary>How long a full backlog is waited for where nothing else is said.</summary>
    public static TimeSpan DefaultBacklogTimeout { get; } = TimeSpan.FromSeconds(10);

    public void Write(IReadOnlyList<PreparedRecord> records, int level, CancellationToken cancellation)
    {
        foreach (PreparedRecord prepared in records)
        {
            prepared.Confirm(Send(prepared.Record.RecordTypeId!.Value, prepared.Text.Span, level, cancellation));
        }
    }

    /// <summary>Sends one record.</summary>
    /// <param name="type">The number of its type.</param>
    /// <param name="text">Body and trailer.</param>
    /// <param name="level">libvirt's audit level.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public Receipt Send(int type, ReadOnlySpan<byte> text, int level, CancellationToken cancellation)
    {
        if (level == 0)
        {
            return new Receipt(false);
        }

        _client ??= _open();
        bool look = _confirm || _untilLook == 0;
        if ((_mayAsk || level >= 2) && look && !PrepareToSend(_client, level, cancellation))
        {
            return new Receipt(false);
        }

        _untilLook -= _mayAsk ? 1u : 0u;
        _client.SendRecord(type, text);
        _hasSent = true;
        return new Receipt(_confirm && _mayAsk ? WasLogged(_client, cancellation) : null);
    }

    public void Complete(CancellationToken cancellation)
    {
        if (!_hasSent || !_mayAsk || _client is null)
        {
            return;
        }

        (AuditStatus after, bool hangs) = WaitUntilEmpty(_client, CompleteTimeout, cancellation);
        if (!after.IsLogging)
        {
            WarnOnce(WriteNotices.DisabledMeanwhile());
        }
        else if (hangs)
        {
            _warn(WriteNotices.DaemonHangs());
        }

        if (after.Lost > _lostBefore)
        {
            _warn(WriteNotices.LostMeanwhile(after.Lost.Value - _lostBefore.Value));
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Asks for the state, and waits for room. False where nothing is to be sent.</summary>
    private bool PrepareToSend(AuditClient client, int level, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryGetStatus(client, level) is not AuditStatus status)
            {
                return true;
            }

            if (!status.IsLogging)
            {
                return level >= 2 ? throw new FaultException(NetlinkFaults.Disabled()) : SkipDisabled();
            }

            if (!status.IsBacklogFull)
            {
                // Half of the room is for others. Beyond the limit the kernel holds a sender where no Ctrl-C reaches it.
                uint room = status.BacklogLimit is > 0 and uint limit ? (limit - status.Backlog.GetValueOrDefault()) / 2 : MostBetweenLooks;
                _untilLook = Math.Clamp(room, 1, MostBetweenLooks);
                return true;
            }

            if (Stopwatch.GetElapsedTime(start) >= _backlogTimeout)
            {
                throw new FaultException(NetlinkFaults.BacklogFull(status, _backlogTimeout));
            }

            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(BacklogPause);
        }
    }

    /// <summary>The state; null where this process may not ask, which level 2 does not accept.</summary>
    private AuditStatus? TryGetStatus(AuditClient client, int level)
    {
        try
        {
            _status = client.GetStatus();
            _lostBefore ??= _status.Lost;
            return _status;
        }
        catch (FaultException e) when (e.Fault.Id == FaultId.AuditPermissionDenied && level < 2)
        {
            _mayAsk = false;
            return null;
        }
    }

    /// <summary>
    /// Whether the record was logged, as far as the kernel shows: it was logging before and is after, has lost nothing in
    /// between, and the daemon takes what waits for it. With a daemon that hangs it loses records without
    /// counting them; all but the one that it is just handing over show as waiting.
    /// </summary>
    private bool? WasLogged(AuditClient client, CancellationToken cancellation)
    {
        uint? lost = _status?.Lost;
        (AuditStatus after, bool hangs) = WaitUntilEmpty(client, ConfirmTimeout, cancellation);
        _status = after;
        if (hangs)
        {
            _warn(WriteNotices.DaemonHangs());
        }

        return !after.IsLogging ? false : after.Lost == lost && !after.IsWaiting ? true : null;
    }

    /// <summary>The state once nothing waits for the daemon any more, or the time is over; and whether the daemon took nothing for a while.</summary>
    private static (AuditStatus Status, bool Hangs) WaitUntilEmpty(AuditClient client, TimeSpan most, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp(), progress = start;
        uint least = uint.MaxValue;
        for (int looks = 0; ; looks++)
        {
            AuditStatus status = client.GetStatus();
            if (status.Backlog < least)
            {
                least = status.Backlog.Value;
                progress = Stopwatch.GetTimestamp();
            }

            bool isOver = !status.IsWaiting || !status.IsLogging, hangs = Stopwatch.GetElapsedTime(progress) >= HangTimeout;
            if (isOver || hangs || Stopwatch.GetElapsedTime(start) >= most)
            {
                return (status, hangs && !isOver);
            }

            cancellation.ThrowIfCancellationRequested();
            if (looks >= LooksWithoutPause)
            {
                cancellation.WaitHandle.WaitOne(ConfirmPause);
            }
        }
    }

    private bool SkipDisabled()
    {
        WarnOnce(WriteNotices.Disabled());
        return false;
    }

    private void WarnOnce(string text)
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            _warn(text);
        }
    }
}
