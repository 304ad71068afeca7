using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs.Journal;

/// <summary>A folder of journals of the test's own, made by systemd's <c>systemd-journal-remote</c> of entries in the export form.</summary>
internal sealed class OwnJournal
{
    private const string Boot = "0123456789abcdef0123456789abcdef";
    private const long FirstMicroseconds = 1_795_359_175_824_500;
    private readonly string _program;
    private int _number;
    private int _rotations;

    public OwnJournal(string folder)
    {
        _program = new[] { "/usr/lib/systemd/systemd-journal-remote", "/lib/systemd/systemd-journal-remote" }.FirstOrDefault(File.Exists) ?? "";
        Assert.SkipWhen(_program.Length == 0, "systemd-journal-remote is not installed");
        _ = Tool.Find("journalctl");
        Folder = Directory.CreateDirectory(folder).FullName;
    }

    public string Folder { get; }

    /// <summary>The file that is written.</summary>
    public string Current => Path.Combine(Folder, "system.journal");

    /// <summary>How many records were written.</summary>
    public int Count => _number;

    /// <summary>Writes so many records of guests, each with the next number as its serial, and a line of another service behind each.</summary>
    public void Write(int count) => Append(string.Concat(Enumerable.Range(0, count).Select(_ => Record() + Entry("_TRANSPORT=stdout", "_COMM=nginx", "MESSAGE=GET /"))));

    /// <summary>Writes the entries of a text in the export form.</summary>
    public void Append(string entries) => Append(System.Text.Encoding.UTF8.GetBytes(entries));

    /// <summary>Writes the entries of a text in the export form.</summary>
    public void Append(byte[] entries) => Tool.Run(_program, ["--output=" + Current, "-"], entries);

    /// <summary>Moves the file that is written aside, as journald does; the next is begun with the next entry.</summary>
    public string Rotate()
    {
        string moved = Path.Combine(Folder, $"system@{++_rotations:x32}-{1:x16}-{FirstMicroseconds:x16}.journal");
        File.Move(Current, moved);
        return moved;
    }

    /// <summary>An entry with the next number and time.</summary>
    public string Entry(params string[] fields)
    {
        int moment = ++_moment;
        return string.Join('\n', [$"__REALTIME_TIMESTAMP={FirstMicroseconds + (moment * 1000L)}", $"__MONOTONIC_TIMESTAMP={1_000_000 + (moment * 1000)}", "_BOOT_ID=" + Boot, "_HOSTNAME=kvm1", .. fields]) + "\n\n";
    }

    private int _moment;

    /// <summary>The entry of a record with the next number.</summary>
    public string Record()
    {
        int number = ++_number;
        return Entry(
            "_TRANSPORT=audit", "_AUDIT_TYPE=2501", "_AUDIT_TYPE_NAME=VIRT_RESOURCE", $"_AUDIT_ID={number}",
            $"_SOURCE_REALTIME_TIMESTAMP={FirstMicroseconds + ((_moment + 1) * 1000L) - 500}", "_PID=812", "_UID=0",
            $"MESSAGE=VIRT_RESOURCE pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm resrc=disk reason=attach vm=\"web1\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 old-disk=\"?\" new-disk=\"/srv/{number}.img\" exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");
    }

    /// <summary>The bytes of tests/data that hold the captured log in the export form.</summary>
    public static byte[] Captured => TestData.Bytes("carriers.journal-export.txt");
}
