using System.Diagnostics;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The kernel's audit with an auditd of our own, from its making to its end; then all is as it was before.</summary>
internal sealed class KernelAudit : IDisposable
{
    private readonly Process _guard;

    /// <summary>Waits for the machine-wide lock and starts auditd, which writes into <paramref name="folder"/>.</summary>
    /// <exception cref="InvalidOperationException">The kernel's audit is not to be had.</exception>
    public KernelAudit(string folder)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Peers", "with_auditd.sh");
        _guard = Process.Start(new ProcessStartInfo("bash", [script, Path.Combine(folder, "auditd")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? answer = _guard.StandardOutput.ReadLine();
        if (answer != "ready")
        {
            Dispose();
            throw new InvalidOperationException(answer ?? "auditd could not be started.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The script puts everything back when its input ends.
        _guard.StandardInput.Close();
        _guard.WaitForExit();
        _guard.Dispose();
    }
}
