using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>Standard output and standard error: what they are, and how text gets there.</summary>
internal sealed class ShellConsole
{
    /// <summary>Columns where the output is no terminal and COLUMNS says nothing: no table of the module is cut at that width.</summary>
    public const int UnlimitedWidth = 512;

    private const int TerminalWidth = 80;

    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly ProgressLine _progress;
    private bool _closed;

    /// <summary>Opens both.</summary>
    public ShellConsole()
    {
        bool escapes = Environment.GetEnvironmentVariable("TERM") != "dumb" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        OutputShowsEscapes = escapes && !Console.IsOutputRedirected;
        ErrorShowsEscapes = escapes && !Console.IsErrorRedirected;
        _output = Writer(OpenOutput());
        _error = Writer(Console.OpenStandardError());
        _progress = new ProgressLine(_error);
    }

    /// <summary>Raised once when nobody reads standard output any more (<c>virtaudit … | head</c>).</summary>
    public event Action? Closed;

    /// <summary>Whether standard output lost its reader.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Whether escape sequences may go to standard output.</summary>
    public bool OutputShowsEscapes { get; }

    /// <summary>Whether escape sequences may go to standard error.</summary>
    public bool ErrorShowsEscapes { get; }

    /// <summary>Columns of standard output.</summary>
    public static int Width =>
        !Console.IsOutputRedirected ? (Console.WindowWidth > 0 ? Console.WindowWidth : TerminalWidth)
        : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 0 ? columns
        : UnlimitedWidth;

    /// <summary>Writes to standard output.</summary>
    public void WriteOutput(string text)
    {
        text = Rendered(text, OutputShowsEscapes);
        try
        {
            lock (_lock)
            {
                _progress.Erase();
                _output.Write(text);
            }
        }
        catch (IOException)
        {
            if (!Interlocked.Exchange(ref _closed, true))
            {
                Closed?.Invoke();
            }
        }
    }

    /// <summary>Writes to standard error; what it does not take is lost.</summary>
    public void WriteError(string text)
    {
        text = Rendered(text, ErrorShowsEscapes);
        lock (_lock)
        {
            _progress.Erase();
            _error.Write(text);
        }
    }

    /// <summary>Shows how far a long operation is, where a person looks on.</summary>
    public void WriteProgress(string text)
    {
        if (!Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb")
        {
            lock (_lock)
            {
                _progress.Show(text, Width);
            }
        }
    }

    /// <summary>Takes the progress away.</summary>
    public void EndProgress()
    {
        lock (_lock)
        {
            _progress.Erase();
        }
    }

    // A script that asks for escape sequences in so many words gets them.
    private static string Rendered(string text, bool escapes) =>
        PSStyle.Instance.OutputRendering == OutputRendering.Ansi ? text : PSHostUserInterface.GetOutputString(text, escapes);

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    /// <summary>
    /// A stream that throws when a pipe has lost its reader. The console's own stream swallows that, and a command that
    /// never ends would write into the void.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            const int StandardOutput = 1;
            var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // A file's offset is shared with other processes and with standard error; a FileStream keeps one of its own.
            if (!output.CanSeek)
            {
                return output;
            }
        }

        return Console.OpenStandardOutput();
    }
}
