namespace LibvirtAudit.Writing;

/// <summary>Where records go: the kernel or a file.</summary>
internal interface IRecordDestination : IDisposable
{
    /// <summary>Takes records in their order, and confirms each that it has taken.</summary>
    /// <param name="records">The records. A file takes all of them at once or, unless the failure says so, none.</param>
    /// <param name="level">libvirt's audit level: 0 sends nothing, 1 where the host's audit is on, 2 fails where it is off. A file takes every record.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <exception cref="Faults.FaultException">A record was not taken, nor any behind it.</exception>
    void Write(IReadOnlyList<PreparedRecord> records, int level, CancellationToken cancellation);

    /// <summary>To be called behind the last record: says what only shows at the end.</summary>
    /// <param name="cancellation">Ends every wait.</param>
    void Complete(CancellationToken cancellation);
}

/// <summary>What is known of a record that was handed over.</summary>
/// <param name="Delivered">True where it went to a log that takes records; false where it went nowhere; null where that can't be known.</param>
/// <param name="UnixMilliseconds">Its stamp; null where somebody else stamps it.</param>
/// <param name="Serial">Its serial; null where somebody else counts.</param>
/// <param name="Source">The file that it is in; null for the kernel.</param>
internal readonly record struct Receipt(bool? Delivered, long? UnixMilliseconds = null, uint? Serial = null, string? Source = null);
