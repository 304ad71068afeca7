using BenchmarkDotNet.Attributes;
using LibvirtAudit.Encoding;
using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>One record to its text: as it was read, and as the Write cmdlets do it with a new one, which is checked first.</summary>
public class EncodeBenchmarks : IDisposable
{
    private readonly RecordWriter _encoder = new();
    private readonly VirtAuditRecord _read = Works.Writing.NewReadRecord();
    private readonly VirtAuditRecord _new = Works.Writing.NewRecord();
    private readonly AuditWriter _writer = new(
        new Nowhere(), SenderIdentity.OfThisProcess(), SenderTrailer.OfThisProcess(), new JournalLogger(JournalLogger.DefaultPath, _ => { }), _ => { });

    /// <summary>ConvertTo-VirtAuditText -AsLine.</summary>
    [Benchmark]
    public byte[] Line() => _encoder.GetLine(_read);

    /// <summary>What is sent to the kernel.</summary>
    [Benchmark]
    public object Prepare() => _writer.Prepare(_new, findDeviceNumber: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Nowhere : IRecordDestination
    {
        public void Write(IReadOnlyList<PreparedRecord> records, int level, CancellationToken cancellation)
        {
        }

        public void Complete(CancellationToken cancellation)
        {
        }

        public void Dispose()
        {
        }
    }
}
