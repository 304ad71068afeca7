using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>One log, read from front to end.</summary>
internal abstract class ReadOneLog : FaultOperation
{
    protected const int Count = 2500;
    private static readonly byte[] Malformed = "type=VIRT_CONTROL msg=audit(1795360115.435:9): pid=812 uid=0 auid=1 ses=1 msg='virt=kvm op=st\n"u8.ToArray();

    /// <summary>A text of more than one block, with a damaged line, whose number is asked for, in the middle.</summary>
    protected static byte[] Text { get; } = [.. Lines(1, Count / 2), .. Malformed, .. Lines((Count / 2) + 1, Count / 2)];

    public override FaultId[] Denied => [FaultId.LogAccessDenied, FaultId.LogReadFailed];

    public override FaultId[] Broken => [FaultId.LogReadFailed];

    public override void Act(Trial trial) => new LogSource(Trial.All, trial.Sink, trial.Cancellation).ReadFile(trial.PathOf("audit.log"));

    public override IEnumerable<string> Judge(Trial trial)
    {
        int[] numbers = trial.Sink.Numbers;
        if (!numbers.SequenceEqual(Enumerable.Range(1, numbers.Length)))
        {
            yield return "not what the log begins with: " + Show(numbers);
        }

        if (numbers.Length < Count && trial.Failures.Count == 0)
        {
            yield return $"{Count - numbers.Length} records missing in silence";
        }
    }

    /// <summary>Lines of records with numbers from <paramref name="first"/> on.</summary>
    public static byte[] Lines(int first, int count) =>
        System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(first, count).Select(number => $"type=SYSCALL msg=audit(1795360115.434:{number}): arch=c000003e syscall=44\n{RotatingLog.Line(number)}\n")));
}

internal sealed class ReadPlainLog : ReadOneLog
{
    public override void Prepare(Trial trial) => File.WriteAllBytes(trial.PathOf("audit.log"), Text);
}

internal sealed class ReadGzipLog : ReadOneLog
{
    public override void Prepare(Trial trial)
    {
        using var gzip = new System.IO.Compression.GZipStream(File.Create(trial.PathOf("audit.log")), System.IO.Compression.CompressionLevel.Fastest);
        gzip.Write(Text);
    }
}

internal sealed class ReadXzLog : ReadOneLog
{
    private static readonly Lazy<byte[]> Packed = new(() => Tool.Run("xz", ["-c", "-0"], Text));

    public override string? Obstacle => ProgramRun.Exists("xz") ? null : "xz is not installed";

    public override void Prepare(Trial trial) => File.WriteAllBytes(trial.PathOf("audit.log"), Packed.Value);
}

/// <summary>A named pipe; another process writes to it.</summary>
internal sealed class ReadPipe : ReadOneLog
{
    public override void Prepare(Trial trial)
    {
        File.WriteAllBytes(trial.PathOf("text"), Text);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [trial.PathOf("audit.log")]))
        {
            Patience.EndOf(mkfifo, "mkfifo").GetAwaiter().GetResult();
        }

        trial.Kept.Add(System.Diagnostics.Process.Start("sh", ["-c", "cat \"$0/text\" 2>/dev/null >\"$0/audit.log\"", trial.Folder])!);
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        using var writer = (System.Diagnostics.Process)trial.Kept[0];
        if (!writer.HasExited)
        {
            // Where the pipe was never opened it still waits for who reads.
            using RawFile pipe = RawFile.Open(trial.PathOf("audit.log"), trial.Cancellation);
            writer.Kill();
            Patience.EndOf(writer, "the writer of the pipe").GetAwaiter().GetResult();
        }

        return base.Judge(trial);
    }
}

/// <summary>The last five of a log that is longer than the part in which they are looked for.</summary>
internal sealed class ReadTail : ReadOneLog
{
    private const int Wanted = 5;

    public override void Prepare(Trial trial) => File.WriteAllBytes(trial.PathOf("audit.log"), Text);

    public override void Act(Trial trial) => new LogSource(Trial.All, trial.Sink, trial.Cancellation) { Tail = Wanted }.ReadFile(trial.PathOf("audit.log"));

    public override IEnumerable<string> Judge(Trial trial)
    {
        int[] numbers = trial.Sink.Numbers;
        if (numbers.Length > Wanted || (numbers.Length > 0 && !numbers.SequenceEqual(Enumerable.Range(numbers[0], numbers.Length))))
        {
            yield return "not five that stand together: " + Show(numbers);
        }

        if (trial.Failures.Count == 0 && (numbers.Length < Wanted || numbers[^1] != Count))
        {
            yield return "not the last five: " + Show(numbers);
        }
    }
}

/// <summary>A host's logs: auditd's configuration, an archive, a rotated log and the one that is written.</summary>
internal sealed class ReadHostLogs : FaultOperation
{
    private const int Each = 100;

    public override FaultId[] Denied => [FaultId.LogAccessDenied, FaultId.LogReadFailed, FaultId.PathNotFound];

    // The log whose configuration can't be read is not where auditd would have it by default.
    public override FaultId[] Broken => [FaultId.LogReadFailed, FaultId.PathNotFound];

    public override void Prepare(Trial trial)
    {
        string log = trial.PathOf("audit.log");
        File.WriteAllText(trial.PathOf("auditd.conf"), $"log_file = {log}\n");
        using (var gzip = new System.IO.Compression.GZipStream(File.Create(log + ".2.gz"), System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(ReadOneLog.Lines(1, Each));
        }

        File.WriteAllBytes(log + ".1", ReadOneLog.Lines(Each + 1, Each));
        File.WriteAllBytes(log, ReadOneLog.Lines((2 * Each) + 1, Each));
    }

    public override void Act(Trial trial) => new LogSource(Trial.All, trial.Sink, trial.Cancellation).ReadHost(OwnHost.Of(trial.PathOf("auditd.conf")));

    public override IEnumerable<string> Judge(Trial trial)
    {
        int[] numbers = trial.Sink.Numbers;
        if (!IsRising(numbers))
        {
            yield return "not in order, or twice: " + Show(numbers);
        }

        if (numbers.Length < 3 * Each && !trial.IsTold)
        {
            yield return $"{(3 * Each) - numbers.Length} records missing in silence";
        }
    }
}
