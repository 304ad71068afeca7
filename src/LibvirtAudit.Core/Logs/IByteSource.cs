namespace LibvirtAudit.Logs;

/// <summary>The bytes of a log from front to end.</summary>
internal interface IByteSource : IDisposable
{
    /// <summary>How many bytes of the file were read for it, to show progress by.</summary>
    long SourcePosition { get; }

    /// <summary>Reads on: at least one byte, and fewer than asked for at will; 0 at the end.</summary>
    /// <exception cref="Faults.FaultException">Nothing more can be read. All bytes before the fault were given.</exception>
    int Read(Span<byte> buffer);
}
