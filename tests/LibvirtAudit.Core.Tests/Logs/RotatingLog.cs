using System.Globalization;
using System.IO.Compression;

namespace LibvirtAudit.Tests.Logs;

/// <summary>A log whose writer numbers its records and rotates as auditd and logrotate do.</summary>
internal sealed class RotatingLog : IDisposable
{
    private readonly int _copies;
    private FileStream _writer;

    /// <param name="path">The log.</param>
    /// <param name="copies">How many rotated copies are kept.</param>
    /// <param name="count">The number of the last record that is in it already.</param>
    public RotatingLog(string path, int copies = 5, int count = 0)
    {
        Path = path;
        _copies = copies;
        Count = count;
        _writer = Open();
    }

    public string Path { get; }

    /// <summary>How many records were written.</summary>
    public int Count { get; private set; }

    /// <summary>The line of a record, without its line feed; the number is its serial.</summary>
    public static string Line(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"type=VIRT_CONTROL msg=audit(1795360115.435:{number}): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"guest\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid={number} exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");

    public void Write(int count)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < count; i++)
        {
            // As in any log, no line comes twice.
            text.Append(CultureInfo.InvariantCulture, $"type=SYSCALL msg=audit(1795360115.434:{++Count}): arch=c000003e syscall=44\n").Append(Line(Count)).Append('\n');
        }

        WriteText(text.ToString());
    }

    /// <summary>Writes one record in two portions.</summary>
    public void WriteInParts(Action between)
    {
        string line = Line(++Count);
        WriteText(line[..100]);
        between();
        WriteText(line[100..] + "\n");
    }

    public void WriteText(string text) => _writer.Write(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>auditd's way: each copy moves on by one, the log becomes the first, and a new one is begun.</summary>
    public void Rotate()
    {
        _writer.Dispose();
        ShiftCopies();
        File.Move(Path, Path + ".1");
        _writer = Open();
    }

    /// <summary>logrotate's copytruncate.</summary>
    public void CopyAndTruncate(Action? between = null)
    {
        ShiftCopies();
        File.Copy(Path, Path + ".1");
        between?.Invoke();
        Truncate();
    }

    public void Truncate() => _writer.SetLength(0);

    /// <summary>Compresses a copy as logrotate does: the time stays, the file is another.</summary>
    public void Compress(int copy)
    {
        string path = Path + "." + copy.ToString(CultureInfo.InvariantCulture);
        if (!File.Exists(path))
        {
            return;
        }

        using (var gzip = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        File.SetLastWriteTimeUtc(path + ".gz", File.GetLastWriteTimeUtc(path));
        File.Delete(path);
    }

    public void Remove()
    {
        _writer.Dispose();
        File.Delete(Path);
    }

    public void Reappear() => _writer = Open();

    public void Dispose() => _writer.Dispose();

    // Not to append, since what was there before could not be cut then.
    private FileStream Open()
    {
        var writer = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        writer.Seek(0, SeekOrigin.End);
        return writer;
    }

    private void ShiftCopies()
    {
        foreach (string ending in new[] { "", ".gz" })
        {
            File.Delete(CopyPath(_copies) + ending);
            for (int i = _copies - 1; i > 0; i--)
            {
                if (File.Exists(CopyPath(i) + ending))
                {
                    File.Move(CopyPath(i) + ending, CopyPath(i + 1) + ending);
                }
            }
        }
    }

    private string CopyPath(int copy) => Path + "." + copy.ToString(CultureInfo.InvariantCulture);
}
