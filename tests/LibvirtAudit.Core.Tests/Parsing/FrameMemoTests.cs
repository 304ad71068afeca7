using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

public sealed class FrameMemoTests
{
    private static readonly ReadOptions Everything = new(RecordFilter.All) { IncludeMalformed = true };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_line_says_the_same_whatever_was_read_before_it(int seed)
    {
        var pool = new LinePool(seed);
        byte[][] lines = [.. Enumerable.Range(0, 20_000).Select(_ => pool.AuditLine())];

        CollectingSink together = CollectingSink.Read(lines, Everything);
        CollectingSink[] alone = [.. lines.Select(line => CollectingSink.Read([line], Everything))];

        Assert.Equal(alone.SelectMany(sink => sink.Records).Select(record => RecordComparison.Signature(record)), together.Records.Select(record => RecordComparison.Signature(record)));
        Assert.Equal(alone.SelectMany(sink => sink.Malformed).Select(line => (line.Defect, line.Line)), together.Malformed.Select(line => (line.Defect, line.Line)));
    }

    // The frame of the first line, around bodies that reach into it or lack a part of it.
    [Theory]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=1 msg='exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=1 msg=' exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=1 msg='x exe=\"/evil\" hostname=? addr=? terminal=? res=failed' exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=1 ms exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=12 msg='virt=kvm exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("type=VIRT_CONTROL msg=audit(2.000:2): pid=7 uid=0 auid=0 ses=1 msg='virt=kvm exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success' ")]
    public void A_frame_is_only_known_where_it_is_the_same(string line)
    {
        const string First = "type=VIRT_CONTROL msg=audit(1.000:1): pid=7 uid=0 auid=0 ses=1 msg='virt=kvm op=stop reason=shutdown vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=0 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";

        CollectingSink both = CollectingSink.Read(First + "\n" + line, Everything);
        CollectingSink alone = CollectingSink.Read(line, Everything);

        Assert.Equal(alone.Records.Select(record => RecordComparison.Signature(record)), both.Records.Skip(1).Select(record => RecordComparison.Signature(record)));
        Assert.Equal(alone.Malformed.Select(malformed => malformed.Defect), both.Malformed.Select(malformed => malformed.Defect));
    }
}
