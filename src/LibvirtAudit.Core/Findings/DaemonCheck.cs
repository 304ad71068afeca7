using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Findings;

/// <summary>
/// Follows what the trail says of the audit itself: auditd's going and coming (DAEMON_ records), its being switched off, and
/// changes by which records may be dropped (CONFIG_CHANGE).
/// </summary>
/// <remarks>Shapes: <c>op=terminate auid=0 uid=0 … pid=N</c> of auditd; <c>op=set audit_enabled=0 old=1 auid=N … res=1</c>, <c>op=set lost=0 old=N …</c> and <c>op=add_rule key=… list=N res=1</c> of <c>kernel/audit.c</c> and <c>auditfilter.c</c>.</remarks>
internal sealed class DaemonCheck(Action<VirtAuditFinding> known, HostNames hosts)
{
    /// <summary>The filter lists of <c>linux/audit.h</c> that user records pass: rules of the others never drop one.</summary>
    private const long UserList = 0;
    private const long ExcludeList = 5;
    private const long Unset = uint.MaxValue;

    /// <summary>How long after auditd's start its rules are loaded, in milliseconds.</summary>
    private const long LoadingTakes = 60_000;

    private readonly Dictionary<string, HostState> _hosts = [];

    private int _off;

    internal string? Source { get; set; }

    /// <summary>Whether audit is off on any host, so that the next of its events says that it was on again.</summary>
    internal bool IsAnyOff => _off > 0;

    /// <summary>An event that the kernel numbered: the first after audit was switched off. That it is switched on the kernel doesn't log.</summary>
    internal void Hear(string? node, long stamp, ulong serial)
    {
        if (_hosts.TryGetValue(hosts.Of(node) ?? "", out HostState? host) && host.SwitchedOff is AuditEvent off && serial != off.Serial)
        {
            host.SwitchedOff = null;
            _off--;
            known(Found.Of(FindingKind.AuditSwitchedOff, string.Create(CultureInfo.InvariantCulture,
                $"Audit was switched off{Who(off)}; the next record of the kernel comes {Found.Seconds(stamp - off.UnixMilliseconds)} later"),
                node, off.UnixMilliseconds, EventName.Of(off), EventName.Of(node, stamp, serial)).In(Source));
        }
    }

    /// <summary>A record that was not given before.</summary>
    internal void Accept(AuditEvent record)
    {
        string identity = hosts.Of(record.Node) ?? "";
        if (!_hosts.TryGetValue(identity, out HostState? host))
        {
            _hosts.Add(identity, host = new HostState());
        }

        switch (record.Type)
        {
            case RecordTypes.SystemShutdown:
                host.IsShutDown = true;
                break;
            case RecordTypes.SystemBoot:
                host.IsShutDown = false;
                break;
            case RecordTypes.DaemonStart when record.Text("res"u8) != "failed":
                AcceptStart(host, record);
                break;
            case RecordTypes.DaemonEnd:
                AcceptEnd(host, record);
                break;
            case RecordTypes.DaemonAbort:
                Tell(FindingKind.AuditDaemonCrashed, "auditd gave up", record);
                host.Start = host.End = null;
                break;
            case RecordTypes.DaemonResume:
                Tell(FindingKind.LoggingSuspended, "auditd resumed logging" + Who(record), record);
                break;
            case RecordTypes.ConfigChange:
                AcceptChange(host, record);
                break;
        }
    }

    internal void Complete()
    {
        foreach (HostState host in _hosts.Values)
        {
            if (host is { End: AuditEvent end, EndedWithHost: false })
            {
                known(Of(FindingKind.AuditDaemonStopped, $"auditd was stopped{Who(end)} and did not start again in this log", end).As(FindingSeverity.Information));
            }

            if (host.SwitchedOff is AuditEvent off)
            {
                Tell(FindingKind.AuditSwitchedOff, $"Audit was switched off{Who(off)}, and no record of the kernel follows", off);
            }
        }
    }

    private void AcceptStart(HostState host, AuditEvent start)
    {
        if (host.End is AuditEvent end)
        {
            string message = string.Create(CultureInfo.InvariantCulture,
                $"auditd was down for {Found.Seconds(start.UnixMilliseconds - end.UnixMilliseconds)}{(host.EndedWithHost ? ", while the host was shut down" : Who(end))}");
            VirtAuditFinding finding = Of(FindingKind.AuditDaemonStopped, message, end, start);
            known(host.EndedWithHost ? finding.As(FindingSeverity.Information) : finding);
        }
        else if (host.Start is AuditEvent before)
        {
            Tell(FindingKind.AuditDaemonCrashed, $"auditd started at {EventName.Of(start)} without having ended since {EventName.Of(before)}", before, start);
        }

        host.Start = start;
        host.End = null;
        host.IsShutDown = host.EndedWithHost = false;
    }

    private void AcceptEnd(HostState host, AuditEvent end)
    {
        if (host.End is AuditEvent before)
        {
            Tell(FindingKind.AuditDaemonStartMissing, "auditd ended twice, and no start is between", before, end);
        }

        host.End = end;
        host.Start = null;
        host.EndedWithHost = host.IsShutDown;
    }

    private void AcceptChange(HostState host, AuditEvent record)
    {
        bool isRefused = record.Number("res"u8) == 0;
        if (record.Number("audit_enabled"u8) is long enabled)
        {
            AcceptSwitch(host, record, enabled == 0, isRefused);
        }
        else if (isRefused)
        {
            return;
        }
        else if ((record.Number("lost"u8) ?? record.Number("audit_lost"u8)) is not null && record.Number("old"u8) is > 0 and long lost)
        {
            VirtAuditFinding finding = Of(FindingKind.RecordsLost, $"The kernel had lost {Found.Plural(lost, "record")} when its counter was set back{Who(record)}", record);
            finding.Count = lost;
            known(finding);
        }
        else if (record.Number("audit_rate_limit"u8) is > 0 and long limit && record.Number("old"u8) != limit)
        {
            Tell(FindingKind.RateLimitSet, string.Create(CultureInfo.InvariantCulture, $"The kernel was told to drop records beyond {limit} a second{Who(record)}"), record);
        }
        else if (record.Text("op"u8) is "add_rule" or "add rule" && record.Number("list"u8) is UserList or ExcludeList)
        {
            VirtAuditFinding finding = Of(FindingKind.FilterRuleAdded, $"A rule was added to the list '{(record.Number("list"u8) == UserList ? "user" : "exclude")}', by which records may be dropped{Who(record)}", record);
            bool isLoaded = host.Start is AuditEvent start && record.UnixMilliseconds - start.UnixMilliseconds is >= -LoadingTakes and <= LoadingTakes;
            known(isLoaded ? finding.As(FindingSeverity.Information) : finding);
        }
    }

    private void AcceptSwitch(HostState host, AuditEvent record, bool isOff, bool isRefused)
    {
        if (isOff && isRefused)
        {
            known(Of(FindingKind.AuditSwitchedOff, $"Audit was to be switched off{Who(record)} and the kernel refused", record).As(FindingSeverity.Warning));
        }
        else if (isOff && host.SwitchedOff is null && record.Number("old"u8) != 0)
        {
            host.SwitchedOff = record;
            _off++;
        }
    }

    private static string Who(AuditEvent record) => record.Number("auid"u8) switch
    {
        null => "",
        Unset => " (by no login)",
        long login => string.Create(CultureInfo.InvariantCulture, $" (by the login of user {login})"),
    };

    private void Tell(FindingKind kind, string message, params AuditEvent[] events) => known(Of(kind, message, events));

    private VirtAuditFinding Of(FindingKind kind, string message, params AuditEvent[] events) =>
        Found.Of(kind, message, events[^1].Node, events[0].UnixMilliseconds, events.Select(EventName.Of)).In(Source);

    private sealed class HostState
    {
        /// <summary>auditd's start, while it runs.</summary>
        internal AuditEvent? Start { get; set; }

        /// <summary>Its end, while it is down.</summary>
        internal AuditEvent? End { get; set; }

        /// <summary>Whether the host was being shut down at that end.</summary>
        internal bool EndedWithHost { get; set; }

        internal bool IsShutDown { get; set; }

        /// <summary>The switching off, while audit is off.</summary>
        internal AuditEvent? SwitchedOff { get; set; }
    }
}
