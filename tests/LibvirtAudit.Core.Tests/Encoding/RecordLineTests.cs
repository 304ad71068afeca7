using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Encoding;

/// <summary>A line of audit.log holds one record, the one that it was made of, whatever the values around its message are.</summary>
public sealed class RecordLineTests
{
    private const string Other = "type=VIRT_CONTROL msg=audit(2.000:2): pid=2";
    private readonly RecordWriter _writer = new();

    public static TheoryData<string> Breaking => [.. Changes.Keys];

    private static Dictionary<string, Action<VirtAuditRecord>> Changes { get; } = new()
    {
        ["a node with a record in it"] = record => record.Node = "k " + Other,
        ["a node with a blank"] = record => record.Node = "k m",
        ["an event id with a record in it"] = record => record.EventId = "1.000:1): pid=2 msg=audit(1.000:1",
        ["a type with a record in it"] = record => record.RecordType = Other,
        ["a label with a message in it"] = record => record.Subject = "a msg='virt=qemu",
        ["a user's name that says that there is none"] = record => record.UserName = "unset",
        ["a login user's name that says that there is none"] = record => record.LoginUserName = "unknown(7)",
    };

    [Theory]
    [MemberData(nameof(Breaking))]
    public void A_value_that_would_end_its_field_is_refused(string what)
    {
        VirtAuditRecord record = Evdev();
        Assert.NotEmpty(_writer.GetLine(record));
        Changes[what](record);
        Assert.Equal(FaultId.UnsupportedRecord, Assert.Throws<FaultException>(() => _writer.GetLine(record)).Fault.Id);
    }

    [Theory]
    [InlineData("c", "c img-ctx=d", "m")]
    [InlineData("c", "d", "selinux model=y")]
    [InlineData("?", "d", "m")]
    public void A_label_that_the_line_would_be_read_differently_for_is_refused(string context, string imageContext, string model)
    {
        VirtAuditRecord record = CollectingSink.ReadOne("type=VIRT_MACHINE_ID msg=audit(1.000:1): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=qemu vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 "
            + "vm-ctx=c img-ctx=d model=m exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");
        Assert.NotEmpty(_writer.GetLine(record));
        (record.VMContext, record.ImageContext, record.Model) = (context, imageContext, model);
        Assert.Equal(FaultId.UnsupportedRecord, Assert.Throws<FaultException>(() => _writer.GetLine(record)).Fault.Id);
    }

    [Theory]
    [InlineData("a\" AUID=\"b")]
    [InlineData("my user")]
    [InlineData("o'brien")]
    [InlineData("ünï")]
    public void A_name_is_written_by_the_name_value_rule(string name)
    {
        VirtAuditRecord record = Evdev();
        (record.UserName, record.LoginUserName) = (name, "b");
        VirtAuditRecord read = Assert.Single(CollectingSink.Read([_writer.GetLine(record)]).Records);
        Assert.Equal((name, "b"), (read.UserName, read.LoginUserName));
    }

    [Fact]
    public void A_login_name_is_written_where_the_user_has_none()
    {
        VirtAuditRecord record = Evdev();
        record.LoginUserName = "admin";
        string line = ByteText.GetString(_writer.GetLine(record));
        Assert.EndsWith("res=success'\u001dUID=\"unknown(0)\" AUID=\"admin\"", line, StringComparison.Ordinal);
        Assert.Equal((null, "admin"), (CollectingSink.ReadOne(line).UserName, CollectingSink.ReadOne(line).LoginUserName));
    }

    private static VirtAuditRecord Evdev() => CollectingSink.ReadOne("type=VIRT_RESOURCE msg=audit(1.000:1): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=qemu resrc=evdev reason=start vm=\"a\" "
        + "uuid=00000000-0000-0000-0000-000000000001 path=/dev/input/x exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");
}
