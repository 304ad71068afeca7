using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Records handed over as the Write cmdlets do it: checked, encoded, written.</summary>
internal static class Writing
{
    private static readonly LibvirtConfiguration Policy = new(AuditLevel: 1, AuditLogging: false);

    /// <summary>Writes as many records to a destination, which it closes.</summary>
    /// <param name="count">How many records.</param>
    /// <param name="batch">How many are handed over at a time.</param>
    /// <param name="open">Opens the destination.</param>
    public static void Write(int count, int batch, Func<SenderIdentity, IRecordDestination> open)
    {
        var identity = SenderIdentity.OfThisProcess();
        using var writer = new AuditWriter(open(identity), identity, SenderTrailer.OfThisProcess(), new JournalLogger(JournalLogger.DefaultPath, Warn), Warn);
        var records = new List<PreparedRecord>(batch);
        for (int done = 0; done < count; done += records.Count)
        {
            records.Clear();
            while (records.Count < Math.Min(batch, count - done))
            {
                records.Add(writer.Prepare(NewRecord(), findDeviceNumber: false));
            }

            writer.Write(records, Policy, CancellationToken.None);
        }

        writer.Complete(CancellationToken.None);
    }

    /// <summary>A disk attached to a guest.</summary>
    public static VirtAuditRecord NewRecord() => new()
    {
        RecordTypeId = 2501,
        Driver = "kvm",
        ResourceType = "disk",
        Reason = "attach",
        VMName = "vm0042.example.org",
        Uuid = new Guid("361a97ab-96fe-574e-96e8-c45fbccba83f"),
        NewValue = "/var/lib/libvirt/images/data disk.qcow2",
        Result = "success",
    };

    /// <summary>The same, as it is once it was read from a log.</summary>
    public static VirtAuditRecord NewReadRecord()
    {
        VirtAuditRecord record = NewRecord();
        record.EventId = "1795000000.000:1";
        record.RecordType = "VIRT_RESOURCE";
        record.ProcessId = 812;
        record.UserId = 0;
        record.Executable = "/usr/sbin/libvirtd";
        return record;
    }

    private static void Warn(string text) => throw new InvalidOperationException(text);
}
