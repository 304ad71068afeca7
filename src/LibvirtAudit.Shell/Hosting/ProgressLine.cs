namespace LibvirtAudit.Shell.Hosting;

/// <summary>One line on the terminal that says how far a long operation is, and is gone when anything else is written.</summary>
internal sealed class ProgressLine(TextWriter terminal)
{
    private const string EraseLine = "\r\e[K";

    // Short operations show nothing, long ones don't flicker.
    private const long IntervalMilliseconds = 200;

    private long _last = Environment.TickCount64;
    private bool _shown;

    /// <summary>Shows <paramref name="text"/>, cut to the terminal's width.</summary>
    public void Show(string text, int width)
    {
        long now = Environment.TickCount64;
        if (now - _last < IntervalMilliseconds)
        {
            return;
        }

        _last = now;
        _shown = true;
        string line = text.Length < width ? text : text[..(width - 1)];
        terminal.Write(EraseLine + line);
    }

    /// <summary>Clears the line.</summary>
    public void Erase()
    {
        if (_shown)
        {
            _shown = false;
            terminal.Write(EraseLine);
        }
    }
}
