using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>By what a record is known: each of its values at its place, whatever carried them.</summary>
public sealed class RecordHashTests
{
    private static readonly (string Name, Action<VirtAuditRecord, string?> Set)[] Fields =
    [
        ("op", (record, value) => record.Operation = value), ("resrc", (record, value) => record.ResourceType = value),
        ("reason", (record, value) => record.Reason = value), ("res", (record, value) => record.Result = value),
        ("old", (record, value) => record.OldValue = value), ("new", (record, value) => record.NewValue = value),
        ("device", (record, value) => record.Device = value), ("path", (record, value) => record.DevicePath = value),
        ("net", (record, value) => record.MacAddress = value), ("category", (record, value) => record.Category = value),
        ("model", (record, value) => record.Model = value), ("others", (record, value) => record.AdditionalFields = value),
        ("vm", (record, value) => record.VMName = value), ("virt", (record, value) => record.Driver = value),
        ("disk", (record, value) => record.HostDisk = value), ("chardev", (record, value) => record.HostChardev = value),
        ("bus", (record, value) => record.Bus = value), ("rdev", (record, value) => record.DeviceNumber = value),
        ("cgroup", (record, value) => record.Cgroup = value), ("class", (record, value) => record.CgroupClass = value),
        ("maj", (record, value) => record.Major = value), ("acl", (record, value) => record.Access = value),
        ("vm-ctx", (record, value) => record.VMContext = value), ("img-ctx", (record, value) => record.ImageContext = value),
    ];

    /// <summary>The same text in another field, a text that is longer by one, empty or absent: all are told apart.</summary>
    [Fact]
    public void Each_text_counts_at_its_place()
    {
        string?[] texts = [null, "", "\0", "a", "ab", "abcdefg", "abcdefgh", "abcdefghi", new string('a', 16), new string('a', 17), new string('a', 300), new string('a', 299) + "b", "b" + new string('a', 299)];
        var seen = new HashSet<ulong>();
        foreach ((string _, Action<VirtAuditRecord, string?> set) in Fields)
        {
            foreach (string? text in texts.Skip(1))
            {
                Assert.True(seen.Add(HashOf(record => set(record, text))), text);
            }
        }

        foreach (long number in new[] { 0L, 1L, 4096L })
        {
            Assert.True(seen.Add(HashOf(record => record.VMProcessId = number)));
            Assert.True(seen.Add(HashOf(record => record.InitProcessId = number)));
            Assert.True(seen.Add(HashOf(record => record.PidNamespace = (ulong)number)));
            Assert.True(seen.Add(HashOf(record => record.Size = (ulong)number)));
        }

        Assert.True(seen.Add(HashOf(_ => { })));
        Assert.True(seen.Add(HashOf(_ => { }, stamp: 2)));
        Assert.True(seen.Add(HashOf(_ => { }, serial: 2)));
        Assert.True(seen.Add(HashOf(_ => { }, guest: 2)));
        Assert.True(seen.Add(HashOf(record => record.RecordTypeId = 2501)));
    }

    [Theory]
    [InlineData(0L, "0")]
    [InlineData(14_680_064L, "14680064")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    public void A_number_is_what_its_text_is(long number, string text) =>
        Assert.Equal(HashOf(record => record.NewValue = text), HashOf(record => record.NewValue = number));

    /// <summary>A record of the log, and the same one of the kernel's log and of the journal.</summary>
    [Fact]
    public void A_record_is_the_same_whatever_carried_it()
    {
        const string Body = "pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm resrc=mem reason=start vm=\"web01\" uuid=0000000d-5eed-4b1d-9a4e-00000000000d old-mem=0 new-mem=1048576 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
        const string Log = "type=VIRT_RESOURCE msg=audit(1795000000.808:19): " + Body;

        Analysed analysed = Analysed.Text(Log, "[ 3029.9] audit: type=2501 audit(1795000000.808:19): " + Body, Log + "\u001DUID=\"root\" AUID=\"unset\"", Log.Replace(":19)", ":20)", StringComparison.Ordinal));

        Assert.Equal((2, 2), (analysed.Repeats, Assert.Single(analysed.Sessions).ResourceCount));
    }

    private static ulong HashOf(Action<VirtAuditRecord> set, ulong guest = 1, long stamp = 1, ulong serial = 1)
    {
        var record = new VirtAuditRecord { RecordTypeId = 2500 };
        set(record);
        return RecordHash.Of(record, guest, stamp, serial);
    }
}
