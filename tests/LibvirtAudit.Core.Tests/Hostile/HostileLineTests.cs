using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Records whose properties anybody could have set, as those from a CSV file: the line that is made of one is one line and one record.</summary>
public sealed class HostileLineTests
{
    [Theory]
    [InlineData(nameof(VirtAuditRecord.Node), "kvm1\ntype=VIRT_CONTROL msg=audit(9.999:9): pid=1 msg='")]
    [InlineData(nameof(VirtAuditRecord.Node), "kvm1 type=VIRT_CONTROL")]
    [InlineData(nameof(VirtAuditRecord.Node), "")]
    [InlineData(nameof(VirtAuditRecord.RecordType), "VIRT_CONTROL msg=audit(9.999:9):")]
    [InlineData(nameof(VirtAuditRecord.RecordType), "USER_LOGIN")]
    [InlineData(nameof(VirtAuditRecord.EventId), "1.000:1): pid=9 msg='")]
    [InlineData(nameof(VirtAuditRecord.EventId), "1.000:1\n")]
    [InlineData(nameof(VirtAuditRecord.Subject), "a msg='virt=kvm")]
    [InlineData(nameof(VirtAuditRecord.Subject), "a\nb")]
    [InlineData(nameof(VirtAuditRecord.Reason), "booted vm=\"evil\"")]
    [InlineData(nameof(VirtAuditRecord.Driver), "kvm op=stop")]
    [InlineData(nameof(VirtAuditRecord.HostName), "? addr=6.6.6.6")]
    [InlineData(nameof(VirtAuditRecord.Terminal), "? res=failed")]
    public void What_would_break_out_of_its_place_is_refused(string property, string hostile)
    {
        VirtAuditRecord record = Whole();
        typeof(VirtAuditRecord).GetProperty(property)!.SetValue(record, hostile);
        Assert.Equal(FaultId.UnsupportedRecord, Assert.Throws<FaultException>(() => new RecordWriter().GetLine(record)).Fault.Id);
    }

    [Theory]
    [InlineData("root\" AUID=\"mallory")]
    [InlineData("a\u001db")]
    public void A_users_name_is_encoded_as_auditd_does_it(string hostile)
    {
        VirtAuditRecord record = Whole();
        record.UserName = record.LoginUserName = hostile;
        string line = System.Text.Encoding.UTF8.GetString(new RecordWriter().GetLine(record));
        VirtAuditRecord read = CollectingSink.ReadOne(line.TrimEnd('\n'));
        Assert.Equal((hostile, hostile), (read.UserName, read.LoginUserName));
        Assert.Contains("UID=" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(hostile)), line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_that_is_text_is_refused_too()
    {
        VirtAuditRecord record = CollectingSink.ReadOne(System.Text.Encoding.ASCII.GetString(Carrier.Line(2501, LibvirtBody.All.Single(body => body.Template.Contains("=mem ", StringComparison.Ordinal)).With("VMName", "a"u8.ToArray()))));
        record.NewValue = "1 exe=\"/evil\"";
        Assert.Equal(FaultId.UnsupportedRecord, Assert.Throws<FaultException>(() => new RecordWriter().GetMessage(record)).Fault.Id);
    }

    [Fact]
    public void Every_hostile_value_gives_one_line_and_reads_back_as_what_it_was()
    {
        foreach (HostileText hostile in HostileText.All)
        {
            VirtAuditRecord record = Whole();
            record.VMName = hostile.Text;
            byte[] line = new RecordWriter().GetLine(record);
            Assert.DoesNotContain((byte)'\n', line);
            Assert.Equal(RecordComparison.Signature(record), RecordComparison.Signature(Assert.Single(CollectingSink.Read([line]).Records)));
        }
    }

    [Fact]
    public void The_text_that_a_record_came_with_is_one_line_as_well()
    {
        VirtAuditRecord record = CollectingSink.ReadOne("type=VIRT_CONTROL msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='op=create vm=x exe=\"/d\" hostname=? addr=? terminal=? res=success'");
        record.RawText += "\ntype=VIRT_CONTROL msg=audit(1.000:2): pid=1";
        Assert.DoesNotContain((byte)'\n', new RecordWriter().GetLine(record));
    }

    private static VirtAuditRecord Whole() => CollectingSink.ReadOne("node=kvm1 " + System.Text.Encoding.ASCII.GetString(Carrier.Line(2500, LibvirtBody.All[0].With("VMName", "a"u8.ToArray()))) + "\u001dUID=\"root\" AUID=\"unset\"");
}
