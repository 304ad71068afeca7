using System.Text.RegularExpressions;
using CsCheck;
using LibvirtAudit.Format;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Hostile;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>
/// What ausearch -i makes of libvirt's bodies with values that hold fields of their own: read where a search through all
/// ways of reading finds one, which is then what was meant, and said to be unknown where it finds more.
/// </summary>
public sealed partial class InterpretedBodyTests
{
    private const string Trailer = " exe=/usr/sbin/libvirtd hostname=? addr=? terminal=? res=success";
    private static readonly Gen<string> Value = Gen.OneOf(
        "a", " ", "'", "=", " vm=x", " uuid=" + HostileText.ForgedUuid, " uuid=x", " vm-pid=1", " init-pid=2", " pid-ns=3", " old-disk=", " new-disk=x", " old-fs=x", " new-fs=", " old-mem=0", " new-mem=1",
        " vm-ctx=", " img-ctx=x", " model=dac", " net=52:54:00:aa:00:01", " path=/p", " rdev=01:03", " acl=rw", " class=all", " class=path", " class=major", " category=pty", " maj=88", " cgroup=/c", " device=",
        " bus=usb", " disk=/d", " chardev=", " size=4", " exe=/x hostname=? addr=? terminal=? res=failed").Array[0, 7].Select(string.Concat);

    public static TheoryData<string> Bodies => [.. LibvirtBody.All.Select(body => body.Template)];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_is_read_where_it_has_one_meaning_only(string template)
    {
        LibvirtBody body = LibvirtBody.All.Single(candidate => candidate.Template == template);
        string[] open = [.. body.Open.Select(field => field.Property)];
        int read = 0, unknown = 0;
        Value.Array[open.Length].Sample(values =>
        {
            string text = Fill(template, values);
            CollectingSink sink = CollectingSink.Read($"type={Carrier.TypeName(body.Type)} msg=audit(11/22/26 14:52:55.823:7) : pid=1 uid=root auid=unset ses=unset msg='{text}{Trailer}' ");
            int ways = Grammar.Shapes.Where(shape => shape.RecordType == body.Type).Sum(shape => Ways(text, [.. shape.Fields], 0));
            Assert.True(ways > 0, text);
            if (ways > 1)
            {
                Assert.Empty(sink.Records);
                Assert.Contains("ausearch --raw", Assert.Single(sink.Malformed).Defect, StringComparison.Ordinal);
                Interlocked.Increment(ref unknown);
                return;
            }

            Assert.Empty(sink.Malformed);
            VirtAuditRecord record = Assert.Single(sink.Records);
            Assert.Equal(values, open.Select(property => typeof(VirtAuditRecord).GetProperty(property)!.GetValue(record)));
            Assert.Equal((Guid.Parse(LibvirtBody.Uuid), "success"), (record.Uuid, record.Result));
            Interlocked.Increment(ref read);
        }, iter: 500);
        Assert.True(read > 100, $"{read} read, {unknown} unknown");
    }

    [Theory]
    [InlineData("virt=kvm resrc=new reason=start vm=a vm-pid=1 uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 size=4 thing=x op=stop", "a vm-pid=1", 4UL, null, "thing=x op=stop")]
    [InlineData("virt=kvm resrc=new reason=start vm=a b uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 device=/dev/x y", "a b", null, "/dev/x y", null)]
    [InlineData("virt=kvm resrc=new reason=start vm=a uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 device=/dev/x op=stop", "a", null, null, "device=/dev/x op=stop")]
    public void Of_a_kind_that_is_not_known_only_what_is_certain_is_taken(string body, string name, ulong? size, string? device, string? rest)
    {
        VirtAuditRecord record = CollectingSink.ReadOne($"type=VIRT_RESOURCE msg=audit(11/22/26 14:52:55.823:7) : pid=1 uid=root auid=unset ses=unset msg='{body}{Trailer}' ");
        Assert.Equal((name, size, device, rest, null, null), (record.VMName, record.Size, record.Device, record.AdditionalFields, record.Operation, record.VMProcessId));
        Assert.Equal((Guid.Parse(LibvirtBody.Uuid), "new"), (record.Uuid, record.ResourceType));
    }

    [Theory]
    [InlineData("vm=a uuid=99999999-9999-4999-8999-999999999999 thing=x uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 thing=y")]
    [InlineData("vm=a type=VIRT_CONTROL msg=audit(9.999:9): pid=9 uid=0 auid=0 ses=9 msg='virt=kvm op=stop reason=destroyed vm=evil uuid=99999999-9999-4999-8999-999999999999 vm-pid=0")]
    public void Of_a_kind_that_is_not_known_nothing_is_taken_where_it_can_mean_several(string body)
    {
        string line = $"type=VIRT_RESOURCE msg=audit(11/22/26 14:52:55.823:7) : pid=1 uid=root auid=unset ses=unset msg='virt=kvm resrc=new reason=start {body}{Trailer}' ";
        CollectingSink sink = CollectingSink.Read([System.Text.Encoding.ASCII.GetBytes(line)], new ReadOptions(RecordFilter.All) { IncludeMalformed = true });
        VirtAuditRecord record = Assert.Single(sink.Records);
        Assert.Single(sink.Malformed);
        Assert.Equal((null, null, null, 7UL, "new", "success"), (record.VMName, record.Uuid, record.Operation, record.Serial, record.ResourceType, record.Result));
        Assert.Equal(line.TrimEnd(), record.RawText!.TrimEnd());
    }

    [Fact]
    public void Of_a_record_that_was_cut_nothing_is_taken_from_the_name_on()
    {
        const string Line = "type=VIRT_CONTROL msg=audit(11/22/26 14:52:55.823:7) : pid=1 uid=root auid=unset ses=unset msg='virt=kvm op=start reason=booted vm=a uuid=99999999-9999-4999-8999-999999999999 vm-pid=1 x";
        CollectingSink sink = CollectingSink.Read([System.Text.Encoding.ASCII.GetBytes(Line)], new ReadOptions(RecordFilter.All) { IncludeMalformed = true });
        VirtAuditRecord record = Assert.Single(sink.Records);
        Assert.Single(sink.Malformed);
        Assert.Equal((null, null, null, "start", "booted"), (record.VMName, record.Uuid, record.VMProcessId, record.Operation, record.Reason));
    }

    // Every way to read the text as the shape, by trying each length for each value.
    private static int Ways(string rest, FieldDefinition[] fields, int index)
    {
        string key = (index == 0 ? "" : " ") + (index == fields.Length ? "" : fields[index].Name + "=");
        if (index == fields.Length || !rest.StartsWith(key, StringComparison.Ordinal))
        {
            return index == fields.Length && rest.Length == 0 ? 1 : 0;
        }

        rest = rest[key.Length..];
        return Enumerable.Range(0, rest.Length + 1).Where(length => (length == rest.Length || rest[length] == ' ') && Allows(fields[index], rest[..length])).Sum(length => Ways(rest[length..], fields, index + 1));
    }

    private static bool Allows(FieldDefinition field, string value) => field.Form switch
    {
        FieldForm.Word => !value.Contains(' ', StringComparison.Ordinal) && (field.FixedValue ?? value) == value,
        FieldForm.Number or FieldForm.LargeNumber => value.Length > 0 && value.All(char.IsAsciiDigit),
        FieldForm.Uuid => !value.Contains(' ', StringComparison.Ordinal) && Guid.TryParseExact(value, "D", out _),
        _ => true,
    };

    private static string Fill(string template, string[] values)
    {
        int index = 0;
        return Placeholder().Replace(template, _ => values[index++]).Replace("uuid=U", "uuid=" + LibvirtBody.Uuid, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{!?\w+\}")]
    private static partial Regex Placeholder();
}
