using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

public sealed class StatusSentenceTests
{
    private readonly VirtAuditStatus _status = new()
    {
        State = "Enabled",
        DaemonProcessId = 812,
        DaemonName = "auditd",
        LogPath = "/var/log/audit/audit.log",
        WritesLog = true,
        Backlog = 0,
        BacklogLimit = 8192,
        CanWrite = true,
        IsInHostUserNamespace = true,
    };

    public StatusSentenceTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the sentence is about Linux");

    [Fact]
    public void With_auditd_the_log_is_named() => Says(true, "auditd (process 812) in /var/log/audit/audit.log");

    [Fact]
    public void With_another_daemon_it_is_named()
    {
        _status.DaemonName = "laurel";
        Says(true, "laurel (process 812)");
    }

    [Fact]
    public void A_daemon_that_writes_no_log_is_told()
    {
        _status.WritesLog = false;
        Says(true, "writes no file of its own");
    }

    [Fact]
    public void Without_a_daemon_the_kernels_log_is_named()
    {
        _status.DaemonProcessId = 0;
        _status.DaemonName = null;
        Says(true, "dmesg");
    }

    [Fact]
    public void A_full_backlog_is_told()
    {
        _status.Backlog = 8192;
        Says(true, "backlog of 8192");
    }

    [Fact]
    public void Audit_that_is_off_is_told()
    {
        _status.State = "Disabled";
        Says(false, "disabled");
    }

    [Fact]
    public void A_missing_right_to_write_counts_before_everything_else()
    {
        _status.CanWrite = false;
        Says(false, "CAP_AUDIT_WRITE");
    }

    [Fact]
    public void A_user_namespace_is_told()
    {
        _status.IsInHostUserNamespace = _status.CanWrite = false;
        Says(false, "user namespace");
    }

    [Fact]
    public void A_state_that_may_not_be_asked_for_is_no_claim()
    {
        _status.State = null;
        Says(null, "can't be known");
    }

    [Fact]
    public void A_kernel_that_does_not_answer_is_told_with_its_reason()
    {
        _status.State = null;
        _status.Unknown = ["This kernel was built without audit (x)."];
        (bool? would, string sentence) = StatusSentence.Of(_status, mayAnswer: false);
        Assert.False(would);
        Assert.EndsWith("this kernel was built without audit (x).", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_of_0_is_told_with_its_daemon()
    {
        _status.VirtlxcdAuditLevel = 0;
        _status.VirtqemudAuditLevel = 1;
        Says(true, "For guests of virtlxcd nothing is sent");
    }

    [Fact]
    public void A_name_that_moves_the_cursor_is_shown_escaped()
    {
        _status.DaemonName = "x\u001b[2J";
        Says(true, "x`e[2J");
    }

    private void Says(bool? expected, string text)
    {
        (bool? would, string sentence) = StatusSentence.Of(_status, mayAnswer: true);
        Assert.Equal(expected, would);
        Assert.Contains(text, sentence, StringComparison.Ordinal);
    }
}
