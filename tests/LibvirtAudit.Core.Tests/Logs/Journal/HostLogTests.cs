using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Tests.Logs.Journal;

public sealed class HostLogTests : IDisposable
{
    private const string Entry = "printf '__CURSOR=s=1;i=1;b=2;m=3;t=4;x=5\\n_TRANSPORT=audit\\n\\n'";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A journal's answer; whether auditd runs, whether its log is there; which is read, and whether the other is named.
    [Theory]
    [InlineData(Entry, true, true, "log", true)]
    [InlineData("exit 0", true, true, "log", false)]
    [InlineData(null, true, true, "log", false)]
    [InlineData(Entry, false, true, "journal", true)]
    [InlineData(Entry, false, false, "journal", false)]
    [InlineData("exit 0", false, true, "log", false)]
    [InlineData(null, false, true, "log", false)]
    [InlineData("echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1", false, true, "log", false)]
    public void The_log_that_is_read_is_of_the_daemon_that_runs_else_the_journal_else_what_is_there(string? journal, bool runs, bool hasLog, string read, bool isOtherNamed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "runs a script");
        HostLog host = Find(journal, runs ? new AuditDaemon(7, "auditd", "", null) : null, hasLog);
        Assert.Equal(read == "journal" ? null : LogPath, host.Path);
        Assert.Equal(isOtherNamed ? [FaultId.OtherLog] : [], host.Notices.Select(notice => notice.Id));
        Assert.All(host.Notices, notice => Assert.True(notice.IsWarning));
        Assert.Contains(runs ? "auditd runs (process 7)" : "No audit daemon runs", host.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernels_lines_count_where_journald_does_not_listen_to_audit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "runs a script");
        string script = $"case \"$*\" in *_TRANSPORT=kernel*) {Entry}; echo 'MESSAGE=audit: type=2500 audit(1795360115.435:7): pid=1';; esac";
        Assert.Null(Find(script, null, hasLog: false).Path);
    }

    [Fact]
    public void A_daemon_that_writes_no_log_leaves_it_to_the_journal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "runs a script");
        HostLog host = Find(Entry, new AuditDaemon(7, "auditd", "", null), hasLog: false, "write_logs = no\n");
        Assert.Null(host.Path);
        Assert.Contains("writes no log of its own", host.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_cant_be_read_is_told_where_its_daemon_runs()
    {
        var finder = new HostLogFinder { Configuration = _folder.PathOf("none.conf"), Daemon = () => new AuditDaemon(7, "auditd", "", "/nowhere"), SearchPath = "" };
        HostLog host = finder.Find(CancellationToken.None);
        Fault notice = Assert.Single(host.Notices);
        Assert.Equal((FaultId.PathNotFound, true), (notice.Id, notice.IsWarning));
        Assert.Contains("/nowhere/auditd.conf", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_of_another_root_has_its_files_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs links as /proc has them");
        Process(1, "auditd", "/sbin/auditd\0-c\0/etc/own\0", root: _folder.PathOf("chroot"));
        Directory.CreateDirectory(_folder.PathOf("chroot/etc/own"));
        File.WriteAllText(_folder.PathOf("chroot/etc/own/auditd.conf"), "log_file = /var/log/own.log\n");

        AuditDaemon daemon = AuditDaemon.Find(() => throw new FaultException(NetlinkFault), _folder.PathOf("proc"))!;
        (AuditdConfiguration configuration, string path) = DaemonConfiguration.Find(daemon, "/etc/audit/auditd.conf");
        Assert.Null(configuration.Problem);
        Assert.Equal(_folder.PathOf("chroot") + "/var/log/own.log", path);
    }

    [Fact]
    public void A_relative_folder_is_of_no_known_place()
    {
        var daemon = new AuditDaemon(7, "auditd", "", "conf.d");
        Assert.Equal(FaultId.PathNotFound, DaemonConfiguration.Find(daemon, "/etc/audit/auditd.conf").Configuration.Problem?.Id);
    }

    [Fact]
    public void A_process_of_another_user_is_no_daemon()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs links as /proc has them");
        Process(1, "auditd", "auditd\0", root: "/", user: 1000);
        Assert.Null(AuditDaemon.Find(() => throw new FaultException(NetlinkFault), _folder.PathOf("proc")));
    }

    private static Fault NetlinkFault => new(FaultId.AuditPermissionDenied, "no");

    private string LogPath => _folder.PathOf("audit.log");

    private void Process(int id, string name, string commandLine, string root, int user = 0)
    {
        string process = Directory.CreateDirectory(_folder.PathOf($"proc/{id}")).FullName;
        File.WriteAllText(Path.Combine(process, "comm"), name + "\n");
        File.WriteAllText(Path.Combine(process, "cmdline"), commandLine);
        File.WriteAllText(Path.Combine(process, "status"), $"Name:\t{name}\nUid:\t{user}\t{user}\t{user}\t{user}\n");
        File.CreateSymbolicLink(Path.Combine(process, "root"), root);
    }

    private HostLog Find(string? journal, AuditDaemon? daemon, bool hasLog, string more = "")
    {
        string configuration = _folder.Write("auditd.conf", System.Text.Encoding.UTF8.GetBytes($"log_file = {LogPath}\n{more}"));
        if (hasLog)
        {
            File.WriteAllText(LogPath, "type=DAEMON_START msg=audit(1795360115.435:7): op=start\n");
        }

        string searchPath = journal is null ? "" : FakeProgram.In(_folder.PathOf("bin"), journal);

        // The daemon's own folder is the test's.
        AuditDaemon? own = daemon is null ? null : daemon with { ConfigurationFolder = _folder.Path };
        return new HostLogFinder { Configuration = configuration, Daemon = () => own, SearchPath = searchPath }.Find(CancellationToken.None);
    }
}
