using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Failures;

/// <summary>Appending one record at a time.</summary>
internal sealed class AppendRecords() : AppendBatches(1);

/// <summary>Appending several at once, all of which are taken or none.</summary>
internal sealed class AppendFiveAtATime() : AppendBatches(5);

/// <summary>Appending to a file, over a link and through a rotation: a record that was refused is not in it, one that was taken is, whole and once.</summary>
internal abstract partial class AppendBatches(int size) : FaultOperation
{
    /// <summary>How often something is appended.</summary>
    private const int Count = 6;

    public override FaultId[] Denied => [FaultId.LogAccessDenied, FaultId.LogWriteFailed];

    public override FaultId[] Broken => [FaultId.LogWriteFailed];

    public override void Prepare(Trial trial)
    {
        Directory.CreateDirectory(trial.PathOf("logs"));
        File.CreateSymbolicLink(trial.PathOf("link"), trial.PathOf("logs"));
        File.WriteAllText(trial.PathOf("logs/audit.log"), RotatingLog.Line(100) + "\nhalf a li");
    }

    public override void Act(Trial trial)
    {
        using var appender = new AuditLogAppender(trial.PathOf("link/audit.log"));
        for (int i = 1; i <= Count; i++)
        {
            if (i == Count / 2)
            {
                Trial.Unarmed(() => File.Move(trial.PathOf("logs/audit.log"), trial.PathOf("logs/audit.log.1")), () => FaultShim.Arm(trial.Folder, ownThread: false));
            }

            try
            {
                int[] numbers = [.. Enumerable.Range((i - 1) * size, size)];
                appender.Append(size, first => Lines(numbers, first), trial.Cancellation);
                trial.Kept.AddRange(numbers.Cast<object>());
            }
            catch (FaultException e)
            {
                trial.Sink.OnFault(e.Fault);
            }
        }
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        string old = File.ReadAllText(trial.PathOf("logs/audit.log.1"));
        string now = File.Exists(trial.PathOf("logs/audit.log")) ? File.ReadAllText(trial.PathOf("logs/audit.log")) : "";
        string[] lines = [.. (old + "\n" + now).Split('\n').Where(line => line.Contains("msg=audit(1.000:", StringComparison.Ordinal))];
        Match[] whole = [.. lines.Select(line => WholeLine().Match(line)).Where(match => match.Success)];
        int[] found = [.. whole.Select(match => int.Parse(match.Groups["record"].ValueSpan, CultureInfo.InvariantCulture))];
        int[] kept = [.. trial.Kept.Cast<int>()];

        // Where even what was begun can't be taken back, that is said; it stays a line of its own. Of several the first may be whole.
        int torn = trial.Failures.Count(fault => fault.Message.Contains("could not be taken back", StringComparison.Ordinal));
        if (torn == 0 || size == 1 ? !found.SequenceEqual(kept) : kept.Except(found).Any())
        {
            yield return $"taken {Show(kept)}, in the file {Show(found)}";
        }

        int incomplete = lines.Length - whole.Length;
        if (size == 1 ? incomplete != torn : incomplete > torn)
        {
            yield return $"{incomplete} lines that are not whole, {torn} told: " + old + now;
        }

        int[] serials = [.. whole.Select(match => int.Parse(match.Groups["serial"].ValueSpan, CultureInfo.InvariantCulture))];

        // They go on from the rotated log, and begin at 1 where no read of it succeeded and nothing was written to it.
        bool isUnread = serials is [1, ..] && !old.Split('\n').Any(WholeLine().IsMatch);
        if (torn == 0 && !serials.SequenceEqual(Enumerable.Range(isUnread ? 1 : 101, serials.Length)))
        {
            yield return "serials " + string.Join(' ', serials);
        }

        if ((trial.Failures.Count * size) + trial.Kept.Count != Count * size)
        {
            yield return $"{trial.Kept.Count} taken, {trial.Failures.Count} times refused";
        }
    }

    private static byte[] Lines(int[] numbers, uint first) => System.Text.Encoding.ASCII.GetBytes(string.Concat(numbers.Select(
        (number, i) => string.Create(CultureInfo.InvariantCulture, $"type=VIRT_CONTROL msg=audit(1.000:{first + i}): record {number} {new string('x', 200)}\n"))));

    [GeneratedRegex(@"^type=VIRT_CONTROL msg=audit\(1\.000:(?<serial>[0-9]+)\): record (?<record>[0-9]+) x{200}$")]
    private static partial Regex WholeLine();
}

/// <summary>The same where the disk gets full within the second record: half of it is in the file and has to be taken back.</summary>
internal sealed class AppendToFullDisk() : AppendBatches(1)
{
    public override FaultId[] Always => [FaultId.LogWriteFailed];

    public override void Prepare(Trial trial)
    {
        base.Prepare(trial);
        FaultShim.Add(new Injection("write", 2, FaultShim.Short, AllBehind: false));

        // Of the calls that the first rule lets pass: the one for the other half.
        FaultShim.Add(new Injection("write", 2, Injection.ENOSPC, AllBehind: false));
    }
}

/// <summary>A record's copy for the journal: it is missed, but keeps nobody from the record itself.</summary>
internal sealed class LogToJournal : FaultOperation
{
    public override FaultId[] Denied => [];

    public override FaultId[] Broken => [];

    public override bool IsOfOwnThread => true;

    public override void Prepare(Trial trial)
    {
        var journal = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Unspecified);
        journal.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(trial.PathOf("journal")));
        trial.Kept.Add(journal);
    }

    public override void Act(Trial trial)
    {
        using var logger = new JournalLogger(trial.PathOf("journal"), trial.Kept.Add);
        for (int i = 0; i < 3; i++)
        {
            logger.Log(success: true, "virt=kvm op=start"u8);
        }
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        using var journal = (System.Net.Sockets.Socket)trial.Kept[0];
        int received = 0;
        for (byte[] message = new byte[1024]; journal.Poll(0, System.Net.Sockets.SelectMode.SelectRead); received++)
        {
            journal.Receive(message);
        }

        if (trial.Kept.Count > 2 || (received < 3) != (trial.Kept.Count == 2))
        {
            yield return $"{received} of 3 messages, {trial.Kept.Count - 1} warnings";
        }
    }
}

/// <summary>The configuration by which libvirt audits.</summary>
internal sealed class ReadLibvirtConfiguration : FaultOperation
{
    public override FaultId[] Denied => [];

    public override FaultId[] Broken => [];

    public override void Prepare(Trial trial) => File.WriteAllText(trial.PathOf("libvirtd.conf"), "audit_level = 2\naudit_logging = 1\n");

    public override void Act(Trial trial)
    {
        if (AuditPolicy.Read(trial.Folder, AuditPolicy.Monolithic, trial.Kept.Add) is LibvirtConfiguration found)
        {
            trial.Kept.Add(found.AuditLevel);
        }
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        if (trial.Kept is not ([2] or [string]) || (trial.Injection is null or { IsHarmless: true } && trial.Kept is not [2]))
        {
            yield return $"level and warnings: {string.Join(", ", trial.Kept)}";
        }
    }
}
