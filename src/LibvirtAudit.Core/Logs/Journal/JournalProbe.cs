using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs.Journal;

/// <summary>Looks whether the system's journal holds audit records.</summary>
internal static class JournalProbe
{
    /// <summary>So many of the kernel's last lines are looked through: audit's are among them where journald does not listen to audit.</summary>
    private const int KernelLines = 5000;

    private static ReadOnlySpan<byte> KernelMark => "audit: type="u8;

    /// <summary>Whether it does, and a clause that says so, or why it does not.</summary>
    /// <param name="searchPath">Where <c>journalctl</c> is looked for, as the variable PATH says it.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static (bool Holds, string Clause) HoldsRecords(string? searchPath, CancellationToken cancellation)
    {
        try
        {
            using (JournalSource audit = Last(1, "_TRANSPORT=audit", searchPath, cancellation))
            {
                if (audit.ReadFirst() is not null)
                {
                    return (true, "the journal holds audit records");
                }
            }

            return HoldsKernelLines(searchPath, cancellation)
                ? (true, "the journal holds audit records in the kernel's lines")
                : (false, "the journal holds no audit records");
        }
        catch (FaultException exception)
        {
            return (false, exception.Fault.Id switch
            {
                FaultId.JournalAccessDenied => "the journal may not be read by this user",
                FaultId.JournalUnavailable => "there is no journal that can be read",
                _ => "reading the journal failed",
            });
        }
    }

    private static JournalSource Last(int count, string match, string? searchPath, CancellationToken cancellation) =>
        JournalSource.Start(new JournalQuery { Last = count, Matches = [match] }, searchPath, isBehindCursor: false, cancellation);

    private static bool HoldsKernelLines(string? searchPath, CancellationToken cancellation)
    {
        using JournalSource kernel = Last(KernelLines, "_TRANSPORT=kernel", searchPath, cancellation);
        byte[] buffer = new byte[64 * 1024];
        int kept = 0;
        for (int read; (read = kernel.Read(buffer.AsSpan(kept))) > 0;)
        {
            int count = kept + read;
            if (buffer.AsSpan(0, count).IndexOf(KernelMark) >= 0)
            {
                return true;
            }

            // The mark may be cut in two.
            kept = Math.Min(count, KernelMark.Length - 1);
            buffer.AsSpan(count - kept, kept).CopyTo(buffer);
        }

        return false;
    }
}
