using System.Diagnostics;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The kernel's audit with an auditd of our own, from its making to its end; then all is as it was before.</summary>
internal sealed class KernelAudit : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process _guard;
    private readonly string _folder;

    /// <summary>Waits for the machine-wide lock and starts auditd, which writes into <paramref name="folder"/>.</summary>
    /// <exception cref="InvalidOperationException">The kernel's audit is not to be had.</exception>
    public KernelAudit(string folder)
    {
        _folder = Path.Combine(folder, "auditd");
        string script = Path.Combine(AppContext.BaseDirectory, "Peers", "with_auditd.sh");
        _guard = Process.Start(new ProcessStartInfo("bash", [script, _folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? answer = _guard.StandardOutput.ReadLine();
        if (answer != "ready")
        {
            Dispose();
            throw new InvalidOperationException(answer ?? "auditd could not be started.");
        }
    }

    /// <summary>How many of libvirt's records are in the log; the daemon, which is behind, is given some time to write so many.</summary>
    public long CountRecords(long awaited)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            long count = File.ReadLines(Path.Combine(_folder, "audit.log")).LongCount(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal));
            if (count >= awaited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                return count;
            }

            Thread.Sleep(100);
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
