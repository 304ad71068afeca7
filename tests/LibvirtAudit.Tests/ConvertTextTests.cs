using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

public sealed class ConvertTextTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    // Read from the lines of samples.log by eye; samples.md tells where each is from.
    public static TheoryData<int, string, string> Samples => new()
    {
        { 1, "EventId=1668718960.364:88 VMName=jammy CgroupClass=major Category=pty Major=88 Access=rw Subject=libvirtd UserName=root Result=success", "DevicePath LoginUserName" },
        { 2, @"CgroupClass=path DevicePath=/dev/urandom DeviceNumber=01:09 Access=rw Cgroup=/sys/fs/cgroup/machine.slice/machine-qemu\x2d2\x2djammy.scope/", "Category" },
        { 3, "VMName=centos:7 Operation=resize Reason=api VMProcessId=10657 Executable=/usr/bin/dockerd-current Result=success", "Uuid Driver HostName" },
        { 4, "Operation=_ping Result=success Executable=/usr/bin/dockerd-current", "VMName VMProcessId Uuid" },
        { 5, "VMName=docker.io/openshift/origin-logging-kibana@sha256:a9d309679cd8c1b098c696b8acef9fba401c09ed7568ad266eb32208c2ce4da9 VMProcessId=17235", "Uuid" },
        { 6, "Serial=6471 UserName=root VMName=vm1 Uuid=462dcd6d-fb68-4a26-a96f-56eb024515b9 VMProcessId=22527 Executable=/usr/sbin/libvirtd Result=success", "EventId UserId LoginUserId LoginUserName SessionId HostName" },
        { 7, "Serial=16414 Operation=start Reason=api Result=success", "EventId VMName VMProcessId LoginUserId" },
        { 8, "Node=tbowling ProcessId=385946 CgroupClass=all Reason=deny Executable=/usr/bin/virtqemud", "EventId Timestamp Serial" },
        { 10, "ResourceType=disk NewValue=/var/lib/libvirt/images/rhel-10-beta.qcow2", "OldValue" },
        { 11, "ResourceType=net NewValue=52:54:00:16:e5:9c", "OldValue" },
        { 13, "Node=HOST DevicePath=/dev/kvm DeviceNumber=0A:E8", "Subject Timestamp" },
        { 15, "Operation=start VMName=kimchi-cdrom VMProcessId=5406 Delivered=False", "Result EventId ProcessId" },
        { 16, "OldValue=/tmp/existent2.iso NewValue=/tmp/existent.iso Delivered=False", "Result" },
        { 17, "ResourceType=vcpu OldValue=0 NewValue=1 Delivered=False", "Result EventId" },
        { 18, "VMName=rhel-work3 Uuid=650c2a3b-2a7d-a7bd-bbc7-aa0069007bbf VMContext=system_u:system_r:svirt_t:s0:c424,c957 Result=success", "ImageContext Model EventId" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_public_line_gives_what_it_says_and_nothing_more(int line, string holds, string lacks)
    {
        PSObject record = Assert.Single(Sample(line, "ConvertFrom-VirtAuditText").ThrowOnError().Output);
        foreach (string expected in holds.Split(' '))
        {
            string name = expected[..expected.IndexOf('=', StringComparison.Ordinal)];
            Assert.Equal(expected, $"{name}={Convert.ToString(record.Properties[name].Value, CultureInfo.InvariantCulture)}");
        }

        Assert.All(lacks.Split(' '), name => Assert.Null(record.Properties[name].Value));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(24)]
    public void What_is_left_of_a_record_is_an_error_and_given_on_request(int line)
    {
        ScriptResult plain = Sample(line, "ConvertFrom-VirtAuditText");
        Assert.Empty(plain.Output);
        Assert.StartsWith("MalformedRecord", Assert.Single(plain.ErrorIds), StringComparison.Ordinal);
        Assert.Single(Sample(line, "ConvertFrom-VirtAuditText -IncludeMalformed").Output);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Other_records_are_passed_over(int line)
    {
        ScriptResult result = Sample(line, "ConvertFrom-VirtAuditText");
        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Dockers_records_go_back_only_as_the_text_that_they_were(int line)
    {
        string text = Line(line);
        string message = text[(text.IndexOf("msg='", StringComparison.Ordinal) + 5)..^1];
        Assert.Equal([message], Sample(line, "ConvertFrom-VirtAuditText | ConvertTo-VirtAuditText").ThrowOnError().OutputOf<string>());
        Assert.Equal([text], Sample(line, "ConvertFrom-VirtAuditText | ConvertTo-VirtAuditText -AsLine").ThrowOnError().OutputOf<string>());

        ScriptResult bare = Sample(line, "ConvertFrom-VirtAuditText | ForEach-Object { $_.RawText = $null; $_ } | ConvertTo-VirtAuditText");
        Assert.Empty(bare.Output);
        Assert.StartsWith("UnsupportedRecord", Assert.Single(bare.ErrorIds), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("virt=kvm resrc=redir reason=attach vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 bus=usb device=\"USB redir\"", "Bus=usb;Device=USB redir")]
    [InlineData("virt=kvm resrc=hostdev reason=start vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 dev=\"0000:00:04.0\"", "Device=0000:00:04.0")]
    [InlineData("virt=kvm resrc=shmem reason=start vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 size=4096 shmem=\"shm0\" source=\"/dev/shm/shm0\"", "DevicePath=shm0;AdditionalFields=source=\"/dev/shm/shm0\";Size=4096")]
    [InlineData("virt=kvm resrc=net reason=open vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 net=52:54:00:00:00:01 path=\"/dev/net/tun\" rdev=vnet0", "MacAddress=52:54:00:00:00:01;DeviceNumber=vnet0")]
    [InlineData("op=start reason=booted vm=\"a\" uuid=00000000-0000-0000-0000-000000000001", "Operation=start;VMName=a")]
    [InlineData("resrc=net reason=start vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 old-net='?' new-net='52:54:00:00:00:01'", "NewValue=52:54:00:00:00:01")]
    [InlineData("op=exec vm=vm=6120622063 vm-pid=7", "VMName=a b c;VMProcessId=7")]
    public void Shapes_of_the_published_page_and_of_old_writers_are_read(string body, string holds)
    {
        string type = body.Contains("op=", StringComparison.Ordinal) ? "VIRT_CONTROL" : "VIRT_RESOURCE";
        _host.SetVariable("line", $"type={type} msg=audit(1.000:1): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='{body} exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");
        PSObject record = Assert.Single(_host.Invoke("$line | ConvertFrom-VirtAuditText").ThrowOnError().Output);
        foreach (string expected in holds.Split(';'))
        {
            string name = expected[..expected.IndexOf('=', StringComparison.Ordinal)];
            Assert.Equal(expected, $"{name}={Convert.ToString(record.Properties[name].Value, CultureInfo.InvariantCulture)}");
        }
    }

    [Theory]
    [InlineData("ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }")]
    [InlineData("ForEach-Object { $_ }")]
    public void Records_go_back_to_their_lines_also_from_CLIXML(string way)
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "tests/data/lxc-enriched.log")).Where(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal))];
        Assert.Equal(lines, _host.Invoke($"Get-VirtAuditRecord tests/data/lxc-enriched.log | {way} | ConvertTo-VirtAuditText -AsLine").ThrowOnError().OutputOf<string>());
    }

    [Fact]
    public void A_string_of_several_lines_is_as_good_as_several_strings()
    {
        ScriptResult result = _host.Invoke("[IO.File]::ReadAllText(\"$PWD/tests/data/lxc-enriched.log\") | ConvertFrom-VirtAuditText").ThrowOnError();
        Assert.Equal(98, result.Output.Count);
    }

    [Fact]
    public void What_is_no_record_is_an_error_for_each_object()
    {
        ScriptResult result = _host.Invoke("1, 'text', $null, (Get-VirtAuditRecord tests/data/lxc-enriched.log -Tail 1) | ConvertTo-VirtAuditText");
        Assert.Single(result.Output);
        Assert.Equal(2, result.ErrorIds.Count(id => id.StartsWith("InvalidInputObject", StringComparison.Ordinal)));
    }

    [Fact]
    public void Malformed_lines_are_counted_from_the_first_string_on()
    {
        ScriptResult result = _host.Invoke("'', \"x`ny\", 'type=VIRT_CONTROL msg=audit(1.000:1): Text' | ConvertFrom-VirtAuditText");
        Assert.Contains("line 4", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    private static string Line(int number) => File.ReadLines(Path.Combine(Repository.Root, "tests/data/samples.log")).ElementAt(number - 1);

    private ScriptResult Sample(int number, string script)
    {
        _host.SetVariable("line", Line(number));
        return _host.Invoke("$line | " + script);
    }
}
