using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>Standard output and standard error: what they are, and how text gets there.</summary>
internal sealed class ShellConsole
{
    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly ProgressLine _progress;
    private IOException? _outputFailure;

    /// <summary>Opens both.</summary>
    public ShellConsole()
    {
        bool escapes = Environment.GetEnvironmentVariable("TERM") != "dumb" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        OutputShowsEscapes = escapes && !Console.IsOutputRedirected;
        ErrorShowsEscapes = escapes && !Console.IsErrorRedirected;
        _output = Writer(StandardStreams.OpenOutput());
        _error = Writer(StandardStreams.OpenError());
        _progress = new ProgressLine(_error);
    }

    /// <summary>Raised once when standard output takes no more: its reader went away (<c>virtaudit … | head</c>), the disk is full.</summary>
    public event Action? OutputLost;

    /// <summary>Why standard output takes no more; null while it does.</summary>
    public IOException? OutputFailure => Volatile.Read(ref _outputFailure);

    /// <summary>Whether escape sequences may go to standard output.</summary>
    public bool OutputShowsEscapes { get; }

    /// <summary>Whether escape sequences may go to standard error.</summary>
    public bool ErrorShowsEscapes { get; }

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
        catch (IOException failure)
        {
            if (Interlocked.CompareExchange(ref _outputFailure, failure, null) is null)
            {
                OutputLost?.Invoke();
            }
        }
    }

    /// <summary>Writes to standard error; what it does not take is lost.</summary>
    public void WriteError(string text)
    {
        text = Rendered(text, ErrorShowsEscapes);
        try
        {
            lock (_lock)
            {
                _progress.Erase();
                _error.Write(text);
            }
        }
        catch (IOException)
        {
            // There is nowhere left to say so.
        }
    }

    /// <summary>Shows how far a long operation is, where a person looks on.</summary>
    public void WriteProgress(string text)
    {
        if (!Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb")
        {
            lock (_lock)
            {
                _progress.Show(text, TerminalSize.Width);
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
}
