using System.Buffers;
using LibvirtAudit.Analysis;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Budgets;

/// <summary>That no record costs more memory than its budget: on every machine the same, where times are not.</summary>
[Collection(RunsAlone.Name)]
public sealed class AllocationBudgetTests(BudgetLog log) : IClassFixture<BudgetLog>
{
    private static readonly IReadOnlyList<TextPattern> None = [TextPattern.Exactly("none")];

    private static readonly Dictionary<string, (RecordFilter Filter, double Budget)> Filters = new()
    {
        ["time"] = (new RecordFilter { To = 0 }, Budget.RejectedByTime),
        ["name"] = (new RecordFilter { VMName = None }, Budget.RejectedByText),
        ["resource"] = (new RecordFilter { ResourceType = None }, Budget.RejectedByText),
        ["result"] = (new RecordFilter { Result = None }, Budget.RejectedByText),
        ["uuid"] = (new RecordFilter { Uuid = None }, Budget.RejectedByUuid),
    };

    public static TheoryData<string> FilterNames => [.. Filters.Keys];

    [Fact]
    public void A_record_that_is_read() => AssertWithin(Budget.ReadRecord, Read(RecordFilter.All, count => count));

    [Theory]
    [MemberData(nameof(FilterNames))]
    public void A_record_that_is_turned_away_by_its(string filter) => AssertWithin(Filters[filter].Budget, Read(Filters[filter].Filter, _ => 0));

    [Fact]
    public void A_record_in_the_session_machine()
    {
        var records = new[] { BudgetLog.Few, BudgetLog.Many }.ToDictionary(count => count, count => BudgetLog.Records(log.PathOf(count)));

        AssertWithin(Budget.AnalysedRecord, AllocationMeter.PerItem(BudgetLog.Few, BudgetLog.Many, count =>
        {
            // A window that both logs fill, so that none pays for its growth.
            var analysis = new TrailAnalysis(BudgetLog.Few / 2);
            foreach (VirtAuditRecord record in records[count])
            {
                analysis.Accept(record);
            }

            analysis.Complete();
        }));
    }

    [Fact]
    public void A_body_that_is_encoded()
    {
        VirtAuditRecord[] records = [.. BudgetLog.Records(log.PathOf(BudgetLog.Many)).Where(record => ShapeFinder.Find(record) is not null)];
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);

        AssertWithin(Budget.EncodedBody, AllocationMeter.PerItem(BudgetLog.Few, records.Length, count =>
        {
            foreach (VirtAuditRecord record in records.AsSpan(0, count))
            {
                buffer.ResetWrittenCount();
                RecordEncoder.WriteBody(record, ShapeFinder.Find(record)!, buffer);
            }
        }));
    }

    [Fact]
    public void A_line_of_a_record()
    {
        VirtAuditRecord[] records = BudgetLog.Records(log.PathOf(BudgetLog.Many));
        var writer = new RecordWriter();

        AssertWithin(Budget.WrittenLine, AllocationMeter.PerItem(BudgetLog.Few, BudgetLog.Many, count =>
        {
            foreach (VirtAuditRecord record in records.AsSpan(0, count))
            {
                Assert.NotEmpty(writer.GetLine(record));
            }
        }));
    }

    [Theory]
    [InlineData(1, Budget.AppendedRecord)]
    [InlineData(100, Budget.AppendedTogether)]
    public void A_record_that_is_appended_to_a_file(int together, double budget)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is Linux's");
        var policy = new LibvirtConfiguration(AuditLevel: 1, AuditLogging: false);
        var identity = SenderIdentity.OfThisProcess();
        VirtAuditRecord[] records = [.. BudgetLog.Records(log.PathOf(BudgetLog.Few)).Where(record => record is { RecordTypeId: 2501, ResourceType: "disk", Reason: "start" })];

        AssertWithin(budget, AllocationMeter.PerItem(500, 1500, count =>
        {
            using var writer = new AuditWriter(
                new LogFileDestination(log.PathOf("appended.log"), identity, TimeProvider.System), identity, SenderTrailer.OfThisProcess(), new JournalLogger(JournalLogger.DefaultPath, Assert.Fail), Assert.Fail);
            for (int done = 0; done < count; done += together)
            {
                PreparedRecord[] batch = new PreparedRecord[together];
                for (int i = 0; i < together; i++)
                {
                    batch[i] = writer.Prepare(records[(done + i) % records.Length], findDeviceNumber: false);
                }

                writer.Write(batch, policy, CancellationToken.None);
            }
        }));
    }

    /// <summary>The meter itself: an array of a hundred bytes takes 24 more for its head.</summary>
    [Fact]
    public void The_meter_finds_what_each_item_allocates_and_nothing_else()
    {
        object?[] kept = new object?[1];
        double each = AllocationMeter.PerItem(1000, 20_000, count =>
        {
            kept[0] = new byte[1_000_000];
            for (int i = 0; i < count; i++)
            {
                kept[0] = new byte[100];
            }
        });

        Assert.InRange(each, 123, 129);
    }

    /// <summary>A reader that makes something more of each record is beyond the budget.</summary>
    [Fact]
    public void Keeping_the_line_of_each_record_is_beyond_the_budget() =>
        Assert.True(Read(RecordFilter.All, count => count, includeRawText: true) > Budget.ReadRecord);

    private double Read(RecordFilter filter, Func<int, int> expected, bool includeRawText = false) => AllocationMeter.PerItem(
        BudgetLog.Few, BudgetLog.Many, count => Assert.Equal(expected(count), BudgetLog.Read(log.PathOf(count), new ReadOptions(filter) { IncludeRawText = includeRawText })), isOfAllThreads: true);

    private static void AssertWithin(double budget, double measured) =>
        Assert.True(measured <= budget, FormattableString.Invariant($"{measured:0.0} bytes for each, and the budget is {budget}: see Budget.cs"));
}
