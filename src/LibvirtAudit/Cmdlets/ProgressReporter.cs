using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Shows how far the reading of long logs is, a few times a second and only where it takes that long.</summary>
internal sealed class ProgressReporter(Cmdlet cmdlet, string activity)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private bool _isShown;

    /// <summary>Shows where the reading of <paramref name="log"/> is.</summary>
    public void Report(LogFile log)
    {
        if (_sinceLast.Elapsed < Interval)
        {
            return;
        }

        _sinceLast.Restart();
        _isShown = true;
        string path = PrintableText.Escape(log.Path)!;
        cmdlet.WriteProgress(log.Length == 0
            ? new ProgressRecord(0, activity, path)
            : new ProgressRecord(0, activity, string.Create(CultureInfo.InvariantCulture, $"{path}: {log.SourcePosition >> 20} of {log.Length >> 20} MB"))
            {
                PercentComplete = (int)Math.Min(100, log.SourcePosition * 100 / log.Length),
            });
    }

    /// <summary>Takes the progress away.</summary>
    public void Complete()
    {
        if (_isShown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, activity, " ") { RecordType = ProgressRecordType.Completed });
            _isShown = false;
        }
    }
}
