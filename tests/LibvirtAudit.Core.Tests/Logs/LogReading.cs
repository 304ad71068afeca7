using LibvirtAudit.Faults;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Tests.Logs;

/// <summary>What a log gave from front to end, and what ended it.</summary>
internal sealed record LogReading(byte[] Bytes, Fault? Fault)
{
    public static LogReading Of(string path, int bufferSize = 5000)
    {
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        return Of(log, bufferSize);
    }

    public static LogReading Of(LogFile log, int bufferSize = 5000)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[bufferSize];
        try
        {
            for (int read; (read = log.Read(buffer)) > 0;)
            {
                bytes.Write(buffer, 0, read);
            }
        }
        catch (FaultException e)
        {
            return new LogReading(bytes.ToArray(), e.Fault);
        }

        return new LogReading(bytes.ToArray(), null);
    }

    /// <summary>The fault with which a log can't be opened.</summary>
    public static Fault OpenFault(string path) => Assert.Throws<FaultException>(() => LogFile.Open(path, TestContext.Current.CancellationToken).Dispose()).Fault;
}
