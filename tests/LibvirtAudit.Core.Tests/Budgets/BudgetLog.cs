using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Budgets;

/// <summary>Generated logs, a short one and a long one, in a folder that goes when the tests end.</summary>
public sealed class BudgetLog : IDisposable
{
    /// <summary>The records of the short log.</summary>
    public const int Few = 4000;

    /// <summary>The records of the long log.</summary>
    public const int Many = 14_000;

    private readonly TempFolder _folder = new();

    /// <summary>Makes the logs, all of whose lines are libvirt's.</summary>
    public BudgetLog()
    {
        Make(Few);
        Make(Many);
    }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>The log with so many records.</summary>
    public string PathOf(int records) => _folder.PathOf($"{records}.log");

    /// <summary>Reads a log; gives how many records passed the filter.</summary>
    public static int Read(string path, ReadOptions options, int? tail = null)
    {
        var sink = new CountingSink();
        new LogSource(options, sink, CancellationToken.None) { Tail = tail }.ReadFile(path);
        return sink.Count;
    }

    /// <summary>The records of a log.</summary>
    internal static VirtAuditRecord[] Records(string path) => [.. CollectingSink.Read(TestData.SplitLines(File.ReadAllBytes(path))).Records];

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private void Make(int records) =>
        LogGenerator.Write(new LogRecipe("budget", 1) { Records = records, Guests = 50 }, TestData.PathOf("qemu-enriched.log"), File.Create(PathOf(records)));

    private sealed class CountingSink : IEventSink
    {
        public int Count { get; private set; }

        public void OnRecord(VirtAuditRecord record) => Count++;

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);

        public void OnProgress(LogFile log)
        {
        }
    }
}
