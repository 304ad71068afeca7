using System.Runtime.InteropServices;

namespace LibvirtAudit.Shell;

/// <summary>Ctrl-C: the first stops what runs, the second ends the process on the spot.</summary>
/// <remarks>Not <c>Console.CancelKeyPress</c>, which switches the terminal into application mode.</remarks>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _count;

    /// <summary>Listens from now on.</summary>
    public Interruption(ShellSession session) =>
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = Interlocked.Increment(ref _count) == 1;
            session.Interrupt();
        });

    /// <summary>Listens no longer.</summary>
    public void Dispose() => _registration.Dispose();
}
