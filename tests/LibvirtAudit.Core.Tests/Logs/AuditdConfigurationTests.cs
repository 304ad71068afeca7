using System.Runtime.Versioning;
using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Tests.Logs;

public sealed class AuditdConfigurationTests : IDisposable
{
    /// <summary>The file that Debian's auditd 3.0.9 installs, in part.</summary>
    private const string Debian = """
        #
        # This file controls the configuration of the audit daemon
        #

        local_events = yes
        write_logs = yes
        log_file = /var/log/audit/audit.log
        log_group = adm
        log_format = ENRICHED
        flush = INCREMENTAL_ASYNC
        freq = 50
        max_log_file = 8
        num_logs = 5
        priority_boost = 4
        name_format = NONE
        ##name = mydomain
        max_log_file_action = ROTATE
        space_left = 75
        space_left_action = SYSLOG

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_of_a_distribution_is_read()
    {
        AuditdConfiguration configuration = Read(Debian);

        Assert.Null(configuration.Problem);
        Assert.Equal("/var/log/audit/audit.log", configuration.LogPath);
        Assert.True(configuration.WriteLogs);
        Assert.Equal("ENRICHED", configuration.LogFormat);
        Assert.Equal("adm", configuration.LogGroup);
        Assert.Equal(5, configuration.LogCount);
        Assert.Equal(8, configuration.MaxLogFile);
        Assert.Equal("ROTATE", configuration.MaxLogFileAction);
        Assert.Equal("NONE", configuration.NameFormat);
        Assert.Null(configuration.Name);
    }

    [Fact]
    public void What_is_not_said_is_as_auditd_begins()
    {
        // clear_config() of auditd 3.0.9; auditd.conf(5) for num_logs, log_group and name_format.
        AuditdConfiguration configuration = Read("");

        Assert.Null(configuration.Problem);
        Assert.Equal("/var/log/audit/audit.log", configuration.LogPath);
        Assert.True(configuration.WriteLogs);
        Assert.Equal("ENRICHED", configuration.LogFormat);
        Assert.Equal("root", configuration.LogGroup);
        Assert.Equal(0, configuration.LogCount);
        Assert.Equal(0, configuration.MaxLogFile);
        Assert.Equal("IGNORE", configuration.MaxLogFileAction);
        Assert.Equal("NONE", configuration.NameFormat);
        Assert.Null(configuration.Name);
    }

    [Fact]
    public void Keywords_and_closed_values_are_taken_in_any_case_and_the_last_one_counts()
    {
        AuditdConfiguration configuration = Read("LOG_FILE = /srv/Audit/Log\nLog_Format = raw\nlog_format = enriched\nnum_logs = 3\nNum_Logs = 99\nname_format = User\nname = KVM01\nmax_log_file_action = keep_logs\n");

        Assert.Equal("/srv/Audit/Log", configuration.LogPath);
        Assert.Equal("ENRICHED", configuration.LogFormat);
        Assert.Equal(99, configuration.LogCount);
        Assert.Equal("USER", configuration.NameFormat);
        Assert.Equal("KVM01", configuration.Name);
        Assert.Equal("KEEP_LOGS", configuration.MaxLogFileAction);
    }

    [Theory]
    [InlineData("log_file = /srv/a.log\r\n")]
    [InlineData("  log_file\t=\t/srv/a.log  ")]
    [InlineData("log_file=/srv/a.log")]
    [InlineData("log_file = /srv/a.log with more words")]
    [InlineData("# log_file = /no\n   # log_file = /no\nlog_file = /srv/a.log\n#log_file = /no")]
    [InlineData("log_file = /srv/a.log\nlog_file =\nlog_file\n= /no\nlog_file /no\nxlog_file = /no\n")]
    public void A_line_is_read_in_any_layout(string text) => Assert.Equal("/srv/a.log", Read(text).LogPath);

    [Theory]
    [InlineData("num_logs = many\nmax_log_file = -1\nlog_format = pretty\nwrite_logs = perhaps\nname_format = nick\nmax_log_file_action = explode\n")]
    [InlineData("num_logs = 1000\nmax_log_file = 99999999999999999999\nlog_format =\nwrite_logs = \nname_format = ===\n")]
    [InlineData("num_logs = +3\nmax_log_file = 8M\n")]
    public void A_value_that_auditd_refuses_leaves_the_default(string text)
    {
        AuditdConfiguration configuration = Read(text);

        Assert.Equal(0, configuration.LogCount);
        Assert.Equal(0, configuration.MaxLogFile);
        Assert.Equal("ENRICHED", configuration.LogFormat);
        Assert.True(configuration.WriteLogs);
        Assert.Equal("NONE", configuration.NameFormat);
        Assert.Equal("IGNORE", configuration.MaxLogFileAction);
    }

    [Theory]
    [InlineData("write_logs = no")]
    [InlineData("log_format = NOLOG")]
    public void That_no_log_is_written_is_seen(string text) => Assert.False(Read(text).WriteLogs);

    [Fact]
    public void No_content_at_all_makes_it_fail() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 300],
            Gen.Select(Gen.Int[0, Debian.Length - 1], Gen.Byte, (place, value) =>
            {
                byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Debian);
                bytes[place] = value;
                return bytes;
            })).Sample(bytes => Read(bytes).Problem is null, iter: 300, threads: 1);

    [Fact]
    public void A_file_that_is_not_there_gives_the_defaults_and_says_why()
    {
        Assert.Equal(FaultId.PathNotFound, AuditdConfiguration.Read(_folder.PathOf("none")).Problem?.Id);
        Assert.Equal(FaultId.PathIsDirectory, AuditdConfiguration.Read(_folder.Path).Problem?.Id);
        Assert.Equal("/var/log/audit/audit.log", AuditdConfiguration.Read(_folder.PathOf("none")).LogPath);
    }

    [Fact]
    public void Something_endless_in_its_place_does_not_hold_anybody_up()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "needs /dev/zero");
        Assert.NotNull(AuditdConfiguration.Read("/dev/zero").Problem);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_is_not_for_the_user_gives_the_defaults_and_says_why()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the rights of Unix");
        string path = _folder.Write("auditd.conf", "log_file = /srv/a.log"u8);
        File.SetUnixFileMode(path, UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);

        AsNobody.Run(() =>
        {
            AuditdConfiguration configuration = AuditdConfiguration.Read(path);
            Assert.Equal(FaultId.LogAccessDenied, configuration.Problem?.Id);
            Assert.Equal("/var/log/audit/audit.log", configuration.LogPath);
        });
    }

    private AuditdConfiguration Read(string text) => Read(System.Text.Encoding.UTF8.GetBytes(text));

    private AuditdConfiguration Read(byte[] bytes) => AuditdConfiguration.Read(_folder.Write("auditd.conf", bytes));
}
