using System.Buffers;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>Writes records as libvirt does: checks them, makes their text, hands it over.</summary>
internal sealed class AuditWriter : IDisposable
{
    private readonly IRecordDestination _destination;
    private readonly RecordSender _sender;
    private readonly JournalLogger _journal;
    private readonly Action<string> _warn;
    private readonly ArrayBufferWriter<byte> _text = new(512);

    /// <summary>Writes to <paramref name="destination"/>, which it closes at its end as it does the journal.</summary>
    public AuditWriter(IRecordDestination destination, SenderIdentity identity, SenderTrailer trailer, JournalLogger journal, Action<string> warn)
    {
        _destination = destination;
        _sender = trailer.Describe(identity.Describe(RecordSender.Unknown));
        _journal = journal;
        _warn = warn;
    }

    /// <summary>Checks a record and makes its text; nothing is sent.</summary>
    /// <param name="record">The record, with the number of its type. The properties of the sender are overwritten.</param>
    /// <param name="findDeviceNumber">Whether a device number that is missing is looked up by the record's path, as libvirt does.</param>
    /// <exception cref="FaultException">The record is none of libvirt's, or its text too long.</exception>
    public PreparedRecord Prepare(VirtAuditRecord record, bool findDeviceNumber)
    {
        RecordShape shape = RecordValidator.Check(record, _warn);
        if (findDeviceNumber && record is { DevicePath: string path, DeviceNumber: null } && shape.Find(RecordField.DeviceNumber) is not null)
        {
            record.DeviceNumber = DeviceNode.GetNumber(path);
        }

        record.RecordType = RecordTypes.GetName(shape.RecordType);
        record.Sender = _sender;

        _text.ResetWrittenCount();
        RecordEncoder.WriteBody(record, shape, _text);
        int bodyLength = _text.WrittenCount;
        RecordEncoder.WriteTrailer(record, _text);
        RecordValidator.CheckLength(_text.WrittenCount);
        return new PreparedRecord(record, _text.WrittenSpan.ToArray(), bodyLength);
    }

    /// <summary>Hands records over, and puts in each what is known of its delivery.</summary>
    /// <param name="records">The records. A file takes several at little more than the cost of one: all of them or, unless the failure says so, none.</param>
    /// <param name="policy">libvirt's level, and whether its log gets the records, too.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <exception cref="FaultException">A record was not taken, nor any behind it.</exception>
    public void Write(IReadOnlyList<PreparedRecord> records, LibvirtConfiguration policy, CancellationToken cancellation)
    {
        if (policy.AuditLogging)
        {
            foreach (PreparedRecord prepared in records)
            {
                _journal.Log(prepared.IsSuccess, prepared.LogMessage);
            }
        }

        _destination.Write(records, policy.AuditLevel, cancellation);
    }

    /// <summary>To be called behind the last record.</summary>
    /// <param name="cancellation">Ends every wait.</param>
    public void Complete(CancellationToken cancellation) => _destination.Complete(cancellation);

    public void Dispose()
    {
        _destination.Dispose();
        _journal.Dispose();
    }
}
