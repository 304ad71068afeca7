using LibvirtAudit.Encoding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>The line of audit.log, made of one record over and over.</summary>
internal sealed class EncodeWork(int count) : IWork
{
    private readonly RecordWriter _writer = new();
    private readonly VirtAuditRecord _record = Writing.NewReadRecord();
    private long _lines;

    /// <inheritdoc/>
    public void Run()
    {
        _lines = 0;
        for (int i = 0; i < count; i++)
        {
            _lines += _writer.GetLine(_record).Length > 0 ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public long GetCount() => _lines;
}
