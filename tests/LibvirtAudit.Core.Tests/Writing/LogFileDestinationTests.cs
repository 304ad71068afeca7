using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

/// <summary>Records that are appended to a file, several at once: each knows then how it can be found again.</summary>
[SupportedOSPlatform("linux")]
public sealed class LogFileDestinationTests : IDisposable
{
    private static readonly LibvirtConfiguration Policy = new(AuditLevel: 0, AuditLogging: false);
    private static readonly SenderIdentity Sender = new(4711, 0, uint.MaxValue, uint.MaxValue, "libvirtd");
    private readonly TempFolder _folder = new();

    public LogFileDestinationTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is Linux's");

    private string Log => _folder.PathOf("audit.log");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void What_is_written_at_once_is_read_back_record_by_record(int count)
    {
        List<VirtAuditRecord> written = [];
        using (AuditWriter writer = Open(Log))
        {
            for (int turn = 0; turn < 3; turn++)
            {
                PreparedRecord[] prepared = [.. Enumerable.Range(0, count).Select(i => writer.Prepare(Start($"guest {turn} {i}"), findDeviceNumber: false))];
                writer.Write(prepared, Policy, TestContext.Current.CancellationToken);
                written.AddRange(prepared.Select(record => record.Record));
            }
        }

        VirtAuditRecord[] read = [.. File.ReadLines(Log).Select(line => CollectingSink.ReadOne(line))];
        Assert.Equal(written.Select(record => RecordComparison.Signature(record, nameof(record.Source), nameof(record.Delivered))), read.Select(record => RecordComparison.Signature(record)));
        Assert.Equal(written.Select(record => record.EventId), read.Select(record => record.EventId));
        Assert.Equal(Enumerable.Range(1, 3 * count).Select(serial => (ulong?)serial), written.Select(record => record.Serial));
        Assert.All(written, record => Assert.Equal((true, Log), (record.Delivered, record.Source)));
        Assert.All(written.Zip(written.Skip(1)), pair => Assert.True(pair.First.UnixMilliseconds <= pair.Second.UnixMilliseconds));
    }

    [Fact]
    public void Of_records_that_were_refused_none_claims_to_be_written()
    {
        using AuditWriter writer = Open(_folder.PathOf("none/audit.log"));
        PreparedRecord[] prepared = [writer.Prepare(Start("a"), findDeviceNumber: false), writer.Prepare(Start("b"), findDeviceNumber: false)];
        Assert.Equal(FaultId.PathNotFound, Assert.Throws<FaultException>(() => writer.Write(prepared, Policy, TestContext.Current.CancellationToken)).Fault.Id);
        Assert.All(prepared, record => Assert.Null(record.Record.Delivered ?? (object?)record.Record.EventId));
    }

    private static AuditWriter Open(string path) => new(
        new LogFileDestination(path, Sender, TimeProvider.System), Sender, new SenderTrailer("/usr/sbin/libvirtd", null, null), new JournalLogger(JournalLogger.DefaultPath, Assert.Fail), Assert.Fail);

    private static VirtAuditRecord Start(string name) => new()
    {
        RecordTypeId = 2500,
        Driver = "kvm",
        Operation = "start",
        Reason = "booted",
        VMName = name,
        Uuid = new Guid("361a97ab-96fe-574e-96e8-c45fbccba83f"),
        VMProcessId = 4711,
        Result = "success",
    };
}
