using System.IO.Compression;
using System.Runtime.Versioning;
using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Tests.Logs;

public sealed class RotationSetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Base => _folder.PathOf("audit.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Logs_come_oldest_first_and_by_number() =>
        AssertOrder("audit.log.12", "audit.log.11", "audit.log.10", "audit.log.9", "audit.log.2", "audit.log.1", "audit.log");

    [Fact]
    public void Archives_stand_where_their_number_says() =>
        AssertOrder("audit.log.100.gz", "audit.log.12.bz2", "audit.log.10.zst", "audit.log.9.xz", "audit.log.3.gz", "audit.log.2", "audit.log.1", "audit.log");

    [Fact]
    public void Dated_logs_come_in_the_order_of_their_dates() =>
        AssertOrder("audit.log-20251231.gz", "audit.log-20260101.xz", "audit.log-20260101-1767283200", "audit.log-2026010113", "audit.log-20260228", "audit.log.1", "audit.log");

    [Fact]
    public void Any_order_of_the_folder_gives_the_same_order_of_the_logs() =>
        Gen.Shuffle(Enumerable.Range(1, 30).ToArray()).Sample(
            numbers =>
            {
                using var folder = new TempFolder();
                foreach (int number in numbers)
                {
                    folder.Write("audit.log." + number, "x"u8);
                }

                IEnumerable<string> expected = Enumerable.Range(1, 30).Reverse().Select(number => folder.PathOf("audit.log." + number));
                return RotationSet.Find(folder.PathOf("audit.log")).Paths.SequenceEqual(expected);
            },
            iter: 10);

    [Theory]
    [InlineData("audit.log.bak")]
    [InlineData("audit.log.old")]
    [InlineData("audit.log~")]
    [InlineData("audit.log.1~")]
    [InlineData("audit.log.1.gz.tmp")]
    [InlineData("audit.log.gz")]
    [InlineData("audit.log.01")]
    [InlineData("audit.log.-1")]
    [InlineData("audit.log.1.zip")]
    [InlineData("audit.log.12345678901234567890")]
    [InlineData("audit.log-20261301")]
    [InlineData("audit.log-2026")]
    [InlineData("audit.log-20261122.bak")]
    [InlineData("audit.log.1\n")]
    [InlineData("audit.logs")]
    [InlineData("my-audit.log.1")]
    [InlineData("Audit.log.1")]
    public void What_only_looks_alike_is_left_out(string name)
    {
        _folder.Write("audit.log", "x"u8);
        _folder.Write(name, "x"u8);

        Assert.Equal([Base], RotationSet.Find(Base).Paths);
    }

    [Fact]
    public void Folders_and_dangling_links_are_left_out_and_links_to_logs_are_not()
    {
        _folder.Write("audit.log", "x"u8);
        Directory.CreateDirectory(Base + ".1");
        File.CreateSymbolicLink(Base + ".2", _folder.PathOf("gone"));
        File.CreateSymbolicLink(Base + ".3", _folder.Write("elsewhere", "x"u8));

        Assert.Equal([Base + ".3", Base], RotationSet.Find(Base).Paths);
    }

    [Fact]
    public void A_log_and_the_archive_that_is_being_made_of_it_are_one()
    {
        foreach (string name in new[] { "audit.log", "audit.log.1", "audit.log.1.gz", "audit.log.2.gz", "audit.log.2.zst", "audit.log-20260101.gz", "audit.log-20260101" })
        {
            _folder.Write(name, "x"u8);
        }

        Assert.Equal(["audit.log-20260101", "audit.log.2.gz", "audit.log.1", "audit.log"], RotationSet.Find(Base).Paths.Select(Path.GetFileName));
    }

    [Fact]
    public void Rotated_logs_are_found_where_the_current_one_is_missing()
    {
        _folder.Write("audit.log.1", "x"u8);

        Assert.Equal([Base + ".1"], RotationSet.Find(Base).Paths);
    }

    [Fact]
    public void No_log_at_all_is_not_found()
    {
        Assert.Equal(FaultId.PathNotFound, FindFault(Base).Id);
        Assert.Equal(FaultId.PathNotFound, FindFault(_folder.PathOf("none/audit.log")).Id);
        Assert.Equal(Base, FindFault(Base).Target);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_is_not_for_the_user_is_a_denied_access()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the rights of Unix");
        _folder.Write("audit.log", "x"u8);
        UnixFileMode mode = File.GetUnixFileMode(_folder.Path);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.None);
        try
        {
            AsNobody.Run(() => Assert.Equal(FaultId.LogAccessDenied, FindFault(Base).Id));
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, mode);
        }
    }

    [Fact]
    public void A_rotation_in_the_middle_of_reading_repeats_no_log_and_drops_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which file it is");
        foreach (int number in new[] { 3, 2, 1 })
        {
            _folder.Write("audit.log." + number, System.Text.Encoding.UTF8.GetBytes($"log {number}\n"));
        }

        _folder.Write("audit.log", "log 0\n"u8);
        RotationSet set = RotationSet.Find(Base);
        var read = new List<string> { Read(set, 0) };

        Rotate(3);
        read.Add(Read(set, 1));
        Rotate(4);
        Rotate(5);
        read.Add(Read(set, 2));
        read.Add(Read(set, 3));

        Assert.Equal(["log 3\n", "log 2\n", "log 1\n", "log 0\n"], read);
    }

    [Fact]
    public void A_log_that_rotation_removed_is_not_replaced_by_the_one_that_has_its_name_or_its_number_now()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which file it is");
        _folder.Write("audit.log.1", "old log\n"u8);
        _folder.Write("audit.log", "log\n"u8);
        RotationSet set = RotationSet.Find(Base);

        File.Delete(Base + ".1");
        File.Move(Base, Base + ".1");

        // File systems give the number of a removed file to the next one.
        _folder.Write("audit.log", "new\n"u8);

        Assert.Equal(FaultId.PathNotFound, Assert.Throws<FaultException>(() => set.Open(0, TestContext.Current.CancellationToken)).Fault.Id);
        Assert.Equal("log\n", Read(set, 1));
    }

    [Fact]
    public void A_log_that_was_cut_in_place_is_said_to_have_been()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which file it is");
        _folder.Write("audit.log", "one\ntwo\n"u8);
        RotationSet set = RotationSet.Find(Base);

        // As logrotate's copytruncate does.
        using (var writer = new FileStream(Base, FileMode.Open))
        {
            writer.SetLength(0);
        }

        Fault fault = Assert.Throws<FaultException>(() => set.Open(0, TestContext.Current.CancellationToken)).Fault;
        Assert.Equal(FaultId.LogReadFailed, fault.Id);
        Assert.Contains("it had 8 bytes and ended at offset 0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_grew_since_is_read_whole()
    {
        _folder.Write("audit.log", "one\n"u8);
        RotationSet set = RotationSet.Find(Base);

        File.AppendAllText(Base, "two\n");

        Assert.Equal("one\ntwo\n", Read(set, 0));
    }

    [Fact]
    public void Archives_of_a_set_are_decompressed()
    {
        using (var gzip = new GZipStream(File.Create(Base + ".1.gz"), CompressionLevel.Optimal))
        {
            gzip.Write("old\n"u8);
        }

        _folder.Write("audit.log", "new\n"u8);
        RotationSet set = RotationSet.Find(Base);

        Assert.Equal("old\nnew\n", Read(set, 0) + Read(set, 1));
    }

    /// <summary>As auditd does with num_logs = <paramref name="kept"/> + 1, the log that begins anew included.</summary>
    private void Rotate(int kept)
    {
        for (int number = kept; number > 0; number--)
        {
            if (File.Exists($"{Base}.{number}"))
            {
                File.Move($"{Base}.{number}", $"{Base}.{number + 1}", overwrite: true);
            }
        }

        File.Move(Base, Base + ".1");
        File.WriteAllText(Base, "begun anew\n");
    }

    private void AssertOrder(params string[] oldestFirst)
    {
        foreach (string name in oldestFirst.Order(StringComparer.Ordinal))
        {
            _folder.Write(name, "x"u8);
        }

        Assert.Equal(oldestFirst, RotationSet.Find(Base).Paths.Select(Path.GetFileName));
    }

    private static string Read(RotationSet set, int index)
    {
        using LogFile log = set.Open(index, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(LogReading.Of(log).Bytes);
    }

    private static Fault FindFault(string path) => Assert.Throws<FaultException>(() => RotationSet.Find(path)).Fault;
}
