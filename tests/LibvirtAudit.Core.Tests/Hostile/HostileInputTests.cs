using System.IO.Compression;
using System.Reflection;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Files, paths and surroundings that somebody prepared.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData('\0')]
    [InlineData('x')]
    [InlineData('\n')]
    public void An_archive_of_one_byte_many_times_takes_no_more_memory_than_a_small_one(char filling)
    {
        // Twice, so that what the first use allocates for good counts for none; a line without an end is passed over.
        string path = Bomb("bomb.gz", 64, (byte)filling);
        Read(path, CancellationToken.None);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(path, CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * Mebibyte);
    }

    [Fact]
    public void The_reading_of_a_bomb_ends_when_it_is_stopped()
    {
        string path = Bomb("bomb.gz", 64, (byte)'x');
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Read(path, cancel.Token));
    }

    [Fact]
    public void A_file_whose_name_is_an_option_is_a_file()
    {
        string path = _folder.Write("--rm -dc; touch x", Tool.Run("xz", ["-zc"], "text\n"u8.ToArray()));
        Assert.Equal("text\n"u8.ToArray(), LogReading.Of(path).Bytes);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Xz_is_told_how_much_memory_it_may_take()
    {
        // A dictionary of 768 MiB is said by the archive's first bytes, whatever it holds.
        string path = _folder.Write("large.xz", Tool.Run("xz", ["-zc", "--lzma2=preset=0,dict=768MiB", "-T1"], "text\n"u8.ToArray()));
        LogReading reading = LogReading.Of(path);
        Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
        Assert.Contains("emory usage limit", reading.Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decompressor_that_everybody_may_have_put_there_is_not_run()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are those of Unix");
            return;
        }

        const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        string program = _folder.Write("xz", "#!/bin/sh\n"u8);
        File.SetUnixFileMode(program, Ours);
        Assert.Equal(program, ProgramPath.Find("xz", _folder.Path));
        Assert.Null(ProgramPath.Find("xz", "." + Path.PathSeparator));

        File.SetUnixFileMode(program, Ours | UnixFileMode.OtherWrite);
        Assert.Null(ProgramPath.Find("xz", _folder.Path));

        File.SetUnixFileMode(program, Ours);
        File.SetUnixFileMode(_folder.Path, Ours | UnixFileMode.OtherWrite);
        Assert.Null(ProgramPath.Find("xz", _folder.Path));
    }

    [Fact]
    public void A_path_that_is_written_does_not_end_at_a_NUL()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the paths are those of Linux");
        string path = _folder.PathOf("x\0.log");
        Assert.Equal(FaultId.PathNotFound, Assert.Throws<FaultException>(() => SafePath.OpenForAppending(path)).Fault.Id);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("audit.log")]
    public void A_log_of_the_readers_own_folder_is_not_the_hosts(string value)
    {
        string path = _folder.Write("auditd.conf", System.Text.Encoding.ASCII.GetBytes($"log_file = {value}\n"));
        Assert.Equal("/var/log/audit/audit.log", AuditdConfiguration.Read(path).LogPath);
    }

    [Fact]
    public void No_message_is_known_that_changes_the_hosts_auditing()
    {
        // linux/audit.h: AUDIT_SET 1001, AUDIT_ADD 1003, AUDIT_DEL 1004, AUDIT_ADD_RULE 1011, AUDIT_DEL_RULE 1012, AUDIT_TRIM 1014,
        // AUDIT_MAKE_EQUIV 1015, AUDIT_TTY_SET 1017, AUDIT_SET_FEATURE 1018.
        ushort[] known = [.. typeof(AuditMessageTypes).GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Select(field => (ushort)field.GetRawConstantValue()!)];
        Assert.NotEmpty(known);
        Assert.DoesNotContain(known, type => type is 1001 or 1003 or 1004 or 1011 or 1012 or 1014 or 1015 or 1017 or 1018);
    }

    private static void Read(string path, CancellationToken cancellation) =>
        new LogSource(new ReadOptions(RecordFilter.All), new Nothing(), cancellation).ReadFile(path);

    private string Bomb(string name, int mebibytes, byte filling)
    {
        using (var gzip = new GZipStream(File.Create(_folder.PathOf(name)), CompressionLevel.Fastest))
        {
            byte[] block = [.. Enumerable.Repeat(filling, Mebibyte)];
            for (int i = 0; i < mebibytes; i++)
            {
                gzip.Write(block);
            }
        }

        return _folder.PathOf(name);
    }

    private sealed class Nothing : IEventSink
    {
        public void OnRecord(VirtAuditRecord record)
        {
        }

        public void OnFault(Fault fault)
        {
        }

        public void OnProgress(LogFile log)
        {
        }
    }
}
