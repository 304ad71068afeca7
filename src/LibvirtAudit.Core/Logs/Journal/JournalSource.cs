using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Logs.Journal;

/// <summary>
/// A journal as <c>journalctl</c> gives it in its export form. The program is taken from an absolute folder of the search path
/// that others may not write to, and never outlives this object.
/// </summary>
internal sealed class JournalSource : IByteSource
{
    /// <summary>How much is looked at of the first entry before it is known whether it is the one to begin behind.</summary>
    private const int FirstSize = 4096;

    /// <summary>A program that a signal ended has an exit code above it.</summary>
    private const int SignalBase = 128;

    /// <summary>How long it may take until it is known that it was the user who interrupted the program.</summary>
    private static readonly TimeSpan Interruption = TimeSpan.FromSeconds(1);

    private readonly JournalQuery _query;
    private readonly ChildProgram _program;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _killOnCancel;
    private readonly JournalEntries _entries = new();
    private string? _behind;
    private byte[] _first = [];
    private int _firstCount;
    private int _firstGiven;
    private long _dropped;

    private JournalSource(JournalQuery query, string? behind, ChildProgram program, CancellationToken cancellation)
    {
        _query = query;
        _behind = behind;
        _program = program;
        _cancellation = cancellation;
        _killOnCancel = cancellation.Register(program.Kill);
    }

    /// <summary>The journal's name.</summary>
    public string Name => _query.Name;

    /// <summary>The process of the program.</summary>
    public int ProcessId => _program.ProcessId;

    /// <summary>Nothing tells how much of a journal there is to be read.</summary>
    public long SourcePosition => 0;

    /// <summary>Whether the program has ended, and with it what it gives.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What says that there is something to read; null where that can't be waited for.</summary>
    public SafeHandle? Readable => (_program.Output as PipeStream)?.SafePipeHandle;

    /// <summary>Where the reader of the bytes is: the entries before are not asked for any more. Null where none are asked for.</summary>
    public Func<long>? Reached { get; set; }

    /// <summary>Asks a journal.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="searchPath">Where <c>journalctl</c> is looked for, as the variable PATH says it.</param>
    /// <param name="isBehindCursor">Whether the entry of the cursor itself, which is given where it is still there, is left out.</param>
    /// <param name="cancellation">Ends the program, and a wait for its output.</param>
    /// <exception cref="FaultException">JournalUnavailable, JournalReadFailed.</exception>
    public static JournalSource Start(JournalQuery query, string? searchPath, bool isBehindCursor, CancellationToken cancellation)
    {
        string path = ProgramPath.Find("journalctl", searchPath) ?? throw new FaultException(JournalFaults.NoProgram(query.Name));
        var start = new ProcessStartInfo(path, query.Arguments());
        foreach (string variable in start.Environment.Keys.Where(name => name.StartsWith("SYSTEMD_", StringComparison.Ordinal)).ToList())
        {
            // They make the program say more, or say it elsewhere.
            start.Environment.Remove(variable);
        }

        try
        {
            return new JournalSource(query, isBehindCursor ? query.Cursor : null, ChildProgram.Start(start, hasInput: false), cancellation);
        }
        catch (Win32Exception e)
        {
            throw new FaultException(JournalFaults.ReadFailed(query.Name, e.Message, e));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of a journal that is followed it gives 0 also where nothing has come yet.</remarks>
    public int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        // Where nobody asks for entries, all are forgotten but the last.
        _entries.ForgetBefore(Reached is null ? _entries.Position : Reached() + _dropped);

        if (_behind is not null && !TryDecide())
        {
            return 0;
        }

        if (_firstGiven < _firstCount)
        {
            int given = Math.Min(buffer.Length, _firstCount - _firstGiven);
            _first.AsSpan(_firstGiven, given).CopyTo(buffer);
            _firstGiven += given;
            return given;
        }

        return ReadProgram(buffer);
    }

    /// <summary>The last entry that began before <paramref name="offset"/> of what was given; null where there is none.</summary>
    public string? EntryBefore(long offset) => _entries.Before(offset + _dropped);

    /// <summary>Reads until an entry has begun.</summary>
    /// <returns>Its address; null where there is none.</returns>
    /// <exception cref="FaultException">JournalUnavailable, JournalAccessDenied, JournalReadFailed.</exception>
    public string? ReadFirst()
    {
        byte[] buffer = new byte[FirstSize];
        while (_entries.First is null && ReadProgram(buffer) > 0)
        {
        }

        return _entries.First;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _killOnCancel.Dispose();
        _program.Dispose();
    }

    // The first entry is dropped where it is the one behind which to begin; false where nothing can be given yet.
    private bool TryDecide()
    {
        while (!IsDecided)
        {
            if (_first.Length - _firstCount < FirstSize)
            {
                Array.Resize(ref _first, Math.Max(FirstSize, 2 * _first.Length));
            }

            int read = ReadProgram(_first.AsSpan(_firstCount));
            _firstCount += read;
            if (read == 0)
            {
                return false;
            }
        }

        if (_entries.FirstEnd is long end && JournalCursor.IsSame(_entries.First!, _behind!))
        {
            _dropped = end;
            _firstGiven = (int)end;
        }

        _behind = null;
        return true;
    }

    private bool IsDecided => _entries.FirstEnd is not null || (_entries.First is string first && !JournalCursor.IsSame(first, _behind!));

    private int ReadProgram(Span<byte> buffer)
    {
        if (HasEnded || (_query.IsFollowing && !HasOutput()))
        {
            return 0;
        }

        int read = _program.Output.Read(buffer);
        _entries.Pass(buffer[..read]);
        if (read == 0)
        {
            HasEnded = true;
            CheckEnding();
        }

        return read;
    }

    private unsafe bool HasOutput()
    {
        var ready = new pollfd { fd = (int)Readable!.DangerousGetHandle(), events = Libc.POLLIN };
        return Libc.poll(&ready, 1, 0) > 0;
    }

    private void CheckEnding()
    {
        _cancellation.ThrowIfCancellationRequested();
        int exitCode = _program.WaitForExit();
        if (exitCode > SignalBase && _cancellation.WaitHandle.WaitOne(Interruption))
        {
            // Ctrl-C reaches every program of the terminal, this one sooner than us.
            throw new OperationCanceledException(_cancellation);
        }

        string[] said = _program.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        bool Says(string text) => said.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (Says("insufficient permissions") || Says("not seeing messages") || Says("permission denied"))
        {
            throw new FaultException(JournalFaults.AccessDenied(Name));
        }

        if (Says("No journal files were found"))
        {
            throw new FaultException(JournalFaults.NoJournal(Name));
        }

        if (exitCode != 0 || said.Length > 0 || _query.IsFollowing)
        {
            string detail = said is [string first, ..] ? first.TrimEnd('.') : $"journalctl ended with {exitCode}";
            throw new FaultException(JournalFaults.ReadFailed(Name, detail));
        }
    }
}
