using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>
/// Every call of the C library that the readers, followers and writers make is made to fail, in a process of its own: the
/// promised error, nothing lost in silence, nothing twice, nothing left open. Each call's first times in the suite; all with
/// LIBVIRTAUDIT_STORM=full.
/// </summary>
public sealed class InjectedFaultTests : IDisposable
{
    private const string OperationVariable = "VIRTAUDIT_TEST_OPERATION";
    private const string ReportVariable = "VIRTAUDIT_TEST_REPORT";
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("LIBVIRTAUDIT_STORM") == "full";
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Operations => [.. FaultOperation.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Whichever_call_fails_the_promise_is_kept(string operation)
    {
        string? obstacle = FaultOperation.All[operation].Obstacle;
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
        Dictionary<string, string> environment = await FaultShim.Build(_folder.Path);
        string report = _folder.PathOf("report");
        environment[OperationVariable] = operation;
        environment[ReportVariable] = report;
        ProgramRun run = await ChildTest.Run(typeof(InjectedFaultTests), nameof(Drills_an_operation), environment, IsFull ? TimeSpan.FromHours(2) : Patience.LongestTest);
        Assert.True(File.Exists(report), run.Output);
        string[] lines = await File.ReadAllLinesAsync(report, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{operation}: {lines[0]}");
        Assert.True(lines.Length == 1, $"{lines.Length - 1} problems:\n{string.Join('\n', lines[1..].Take(40))}");
        Assert.NotEqual("0 faults:", lines[0].TrimEnd());
    }

    [Fact(Explicit = true)]
    public void Drills_an_operation()
    {
        FaultShim.Install();
        var drill = new FaultDrill(FaultOperation.All[Environment.GetEnvironmentVariable(OperationVariable)!], IsFull);
        drill.Run();
        string summary = $"{drill.Injected.Values.Sum()} faults: {string.Join(", ", drill.Injected.Where(call => call.Value > 0).Select(call => $"{call.Key} {call.Value}"))}";
        File.WriteAllLines(Environment.GetEnvironmentVariable(ReportVariable)!, [summary, .. drill.Problems]);
    }
}
