using System.Buffers;
using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>Writes records as libvirt does: checks them, makes their text, hands it over.</summary>
internal sealed class AuditWriter : IDisposable
{
    private readonly IRecordDestination _destination;
    private readonly SenderIdentity _identity;
    private readonly SenderTrailer _trailer;
    private readonly JournalLogger _journal;
    private readonly Action<string> _warn;

    /// <summary>Writes to <paramref name="destination"/>, which it closes at its end as it does the journal.</summary>
    public AuditWriter(IRecordDestination destination, SenderIdentity identity, SenderTrailer trailer, JournalLogger journal, Action<string> warn)
    {
        _destination = destination;
        _identity = identity;
        _trailer = trailer;
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
        _identity.Describe(record);
        _trailer.Describe(record);

        var text = new ArrayBufferWriter<byte>(512);
        RecordEncoder.WriteBody(record, shape, text);
        int bodyLength = text.WrittenCount;
        RecordEncoder.WriteTrailer(record, text);
        RecordValidator.CheckLength(text.WrittenCount);
        return new PreparedRecord(record, text.WrittenMemory, bodyLength);
    }

    /// <summary>Hands a record over, and puts in it what is known of its delivery.</summary>
    /// <param name="prepared">The record.</param>
    /// <param name="policy">libvirt's level, and whether its log gets the record, too.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <exception cref="FaultException">The record was not taken.</exception>
    public void Write(PreparedRecord prepared, LibvirtConfiguration policy, CancellationToken cancellation)
    {
        if (policy.AuditLogging)
        {
            _journal.Log(prepared.IsSuccess, prepared.LogMessage);
        }

        VirtAuditRecord record = prepared.Record;
        Receipt receipt = _destination.Write(record.RecordTypeId!.Value, prepared.Text, policy.AuditLevel, cancellation);
        record.Delivered = receipt.Delivered;
        record.Source = receipt.Source;
        record.Serial = receipt.Serial;
        record.UnixMilliseconds = receipt.UnixMilliseconds;
        record.EventId = receipt is { UnixMilliseconds: long stamp, Serial: uint serial }
            ? string.Create(CultureInfo.InvariantCulture, $"{stamp / 1000}.{stamp % 1000:000}:{serial}")
            : null;
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
