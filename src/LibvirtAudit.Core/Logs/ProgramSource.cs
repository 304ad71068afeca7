using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// The decompressed bytes of a file as the system's own program gives them. The file goes to its standard input, since a
/// path would be opened a second time and judged by its ending; the program never outlives this object.
/// </summary>
internal sealed class ProgramSource : IByteSource
{
    private const int FeedSize = 64 * 1024;

    private readonly RawFile _file;
    private readonly RawStream _input;
    private readonly ChildProgram _program;
    private readonly Thread _feeder;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _killOnCancel;
    private long _position;
    private bool _ended;
    private volatile FaultException? _inputFault;

    private ProgramSource(RawFile file, RawStream input, ChildProgram program, CancellationToken cancellation)
    {
        _file = file;
        _input = input;
        _program = program;
        _feeder = new Thread(Feed) { IsBackground = true, Name = "feed " + program.Name };
        _feeder.Start();
        _cancellation = cancellation;
        _killOnCancel = cancellation.Register(program.Kill);
    }

    /// <summary>The program's process id.</summary>
    public int ProcessId => _program.ProcessId;

    /// <inheritdoc/>
    public long SourcePosition => _input.SourcePosition;

    /// <summary>Starts the program that reads <paramref name="compression"/>.</summary>
    /// <param name="file">The compressed file.</param>
    /// <param name="head">What of it was already read.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="searchPath">Where programs are looked for, as the variable PATH says it.</param>
    /// <param name="cancellation">Ends the program, and a wait for its output.</param>
    /// <exception cref="FaultException">DecompressorMissing, LogReadFailed.</exception>
    public static ProgramSource Start(
        RawFile file, ReadOnlyMemory<byte> head, Compression compression, string? searchPath, CancellationToken cancellation)
    {
        string program = NameOf(compression);
        string path = ProgramPath.Find(program, searchPath) ?? throw new FaultException(LogFaults.DecompressorMissing(file.Path, program));
        var start = new ProcessStartInfo(path, ["-dc"]);
        LimitMemory(start.Environment);
        try
        {
            return new ProgramSource(file, new RawStream(file, head), ChildProgram.Start(start, hasInput: true), cancellation);
        }
        catch (Win32Exception e)
        {
            throw new FaultException(LogFaults.ReadFailed(file.Path, 0, e));
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read = _program.Output.Read(buffer);
        _position += read;
        if (read == 0)
        {
            _ended = true;
            CheckEnding();
        }

        return read;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _killOnCancel.Dispose();
        _program.Kill();
        _file.StopReading();
        _feeder.Join();
        _program.Dispose();
    }

    // The archive states how much memory it takes, for xz up to 1.5 GiB; zstd has a limit of its own and bzip2 needs little.
    // Said by the variable, since BusyBox's xz knows no such option; the others would say it louder.
    private static void LimitMemory(IDictionary<string, string?> environment)
    {
        foreach (string variable in new[] { "XZ_OPT", "BZIP", "BZIP2" })
        {
            environment.Remove(variable);
        }

        environment["XZ_DEFAULTS"] = "--memlimit-decompress=256MiB";
    }

    private static string NameOf(Compression compression) => compression switch
    {
        Compression.Xz => "xz",
        Compression.Zstd => "zstd",
        Compression.Bzip2 => "bzip2",
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, null),
    };

    private void CheckEnding()
    {
        _cancellation.ThrowIfCancellationRequested();

        // A pipe that is no longer read from ends the feeder, too: what is left of the file is no concern of the program's.
        int exitCode = _program.WaitForExit();
        _file.StopReading();
        _feeder.Join();
        if (_inputFault is { } fault)
        {
            throw fault;
        }

        if (exitCode != 0)
        {
            throw new FaultException(LogFaults.ArchiveDamaged(_file.Path, _position, Detail(exitCode)));
        }
    }

    /// <summary>The first thing that the program said, without its name for the standard input.</summary>
    private string Detail(int exitCode)
    {
        string program = _program.Name;
        string? said = _program.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?
            .Replace("(stdin): ", "", StringComparison.Ordinal).Replace("/*stdin*\\ : ", "", StringComparison.Ordinal).TrimEnd(';');
        return said is null ? string.Create(CultureInfo.InvariantCulture, $"{program} ended with {exitCode}")
            : said.StartsWith(program, StringComparison.Ordinal) ? said : $"{program}: {said}";
    }

    private void Feed()
    {
        try
        {
            using Stream destination = _program.Input;
            var buffer = new byte[FeedSize];
            for (int read; (read = _input.Read(buffer)) > 0;)
            {
                destination.Write(buffer, 0, read);
                destination.Flush();
            }
        }
        catch (FaultException e)
        {
            _inputFault = e;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The program ended early, which its exit code explains, or nobody reads on.
        }
    }
}
