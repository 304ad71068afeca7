using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Netlink;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

public sealed class HostStateTests : IDisposable
{
    private const int Daemon = 4711;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/nowhere", "/nowhere/auditd.conf")]
    [InlineData("conf.d", "conf.d/auditd.conf")]
    public void A_configuration_that_the_daemon_names_and_nobody_can_read_is_not_passed_over(string folder, string named)
    {
        VirtAuditStatus status = Find($"auditd\0-c\0{folder}\0");
        Assert.Equal(("auditd", null, null), (status.DaemonName, status.LogPath, status.WritesLog));
        string unknown = Assert.Single(status.Unknown, text => text.Contains("auditd", StringComparison.Ordinal));
        Assert.Contains(named, unknown, StringComparison.Ordinal);
        Assert.Contains("process 4711", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_that_the_daemon_names_is_read_and_no_other()
    {
        _folder.Write("auditd.conf", "log_file = /srv/other.log\n"u8);
        Directory.CreateDirectory(_folder.PathOf("own"));
        File.WriteAllText(_folder.PathOf("own/auditd.conf"), "log_file = /srv/own.log\n");
        Assert.Equal("/srv/own.log", Find($"auditd\0-c\0{_folder.PathOf("own")}\0").LogPath);
        Assert.Equal("/srv/other.log", Find("auditd\0").LogPath);
    }

    private VirtAuditStatus Find(string commandLine)
    {
        string process = Directory.CreateDirectory(_folder.PathOf($"proc/{Daemon}")).FullName;
        File.WriteAllText(Path.Combine(process, "comm"), "auditd\n");
        File.WriteAllText(Path.Combine(process, "cmdline"), commandLine);
        using var kernel = new MemoryKernel();
        return HostState.Find(kernel.Client, _folder.Path, _folder.Path, _folder.PathOf("proc"), findsLog: false);
    }
}
