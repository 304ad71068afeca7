using System.Diagnostics;
using System.Globalization;

namespace LibvirtAudit.Fuzz.Driving;

/// <summary>How far the fuzzing of a target is, in a file, so that it goes on where it was stopped.</summary>
internal sealed class Progress
{
    private readonly string _path;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _before;

    public Progress(string path)
    {
        _path = path;
        if (File.Exists(path) && File.ReadAllText(path).Split(' ') is [string executions, string seconds])
        {
            Executions = long.Parse(executions, CultureInfo.InvariantCulture);
            _before = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The executions of all runs so far.</summary>
    public long Executions { get; set; }

    /// <summary>The time of all runs so far.</summary>
    public TimeSpan Elapsed => _before + Stopwatch.GetElapsedTime(_start);

    public void Save() => File.WriteAllText(_path, string.Create(CultureInfo.InvariantCulture, $"{Executions} {Elapsed.TotalSeconds:0.0}"));
}
