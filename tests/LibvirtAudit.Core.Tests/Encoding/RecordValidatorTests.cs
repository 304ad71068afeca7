using System.Buffers;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Encoding;

public sealed class RecordValidatorTests
{
    private static readonly Guid Guest = new("3f2a1b4c-0000-4000-8000-000000000001");
    private readonly List<string> _warnings = [];

    [Fact]
    public void What_libvirt_wrote_is_written_again_but_for_three_paths_that_would_break_out()
    {
        int same = 0;
        var refused = new List<string>();
        foreach (CapturedRecord captured in CapturedRecord.OfGuests())
        {
            try
            {
                Assert.Equal(captured.Body, Body(captured.Record));
                same++;
            }
            catch (FaultException e) when (e.Fault.Id == FaultId.UnsafeFieldValue)
            {
                refused.Add(captured.Record.DevicePath!);
            }
        }

        Assert.Equal(1369, same);
        Assert.Equal(["nosuch shm.sock", "shm with space res=failed", "usb-Logitech kbd res=failed"], refused.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_host_devices_only_the_scsi_address_that_libvirt_itself_gets_wrong_is_odd()
    {
        foreach (CapturedRecord captured in CapturedRecord.Of("qemu-fakehw-enriched.log"))
        {
            Assert.Equal(captured.Body, Body(captured.Record));
        }

        Assert.All(_warnings, warning => Assert.Contains("(null):", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RecordTypes.Control, "Operation", FaultId.MissingField)]
    [InlineData(RecordTypes.Resource, "ResourceType", FaultId.MissingField)]
    public void The_value_that_says_what_the_record_is_is_needed(int type, string named, FaultId expected) =>
        Assert.Contains("-" + named, Refused(expected, Make(type, [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("ResourceType", "disc", "disk, fs, net")]
    [InlineData("CgroupClass", "none", "all, major, path")]
    public void A_word_that_names_no_shape_is_refused_with_those_that_do(string field, string value, string offered)
    {
        VirtAuditRecord record = Make(RecordTypes.Resource, [("ResourceType", "cgroup"), ("Reason", "allow"), ("Cgroup", "/a"), (field, value)]);
        string message = Refused(FaultId.InvalidFieldValue, record);
        Assert.Contains(offered, message, StringComparison.Ordinal);
        Assert.Contains($"-{field} '{value}'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disk", "Bus", "usb")]
    [InlineData("disk", "VMProcessId", 1L)]
    [InlineData("net", "MacAddress", "52:54:00:aa:00:01")]
    [InlineData("dev", "OldValue", "x")]
    [InlineData("tpm", "Bus", "pci")]
    [InlineData("shmem", "Model", "dac")]
    [InlineData("mem", "CgroupClass", "all")]
    public void What_does_not_belong_to_a_resource_type_is_named(string type, string field, object value)
    {
        VirtAuditRecord record = Make(RecordTypes.Resource, [("ResourceType", type), ("Reason", "start"), ("Bus", type == "dev" ? "usb" : null), (field, value)]);
        string message = Refused(FaultId.MisplacedField, record);
        Assert.Contains($"-{field} '{value}'", message, StringComparison.Ordinal);
        Assert.Contains(type, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disk", "OldValue or -NewValue")]
    [InlineData("net", "OldValue or -NewValue")]
    [InlineData("mem", "OldValue")]
    [InlineData("dev", "Bus")]
    [InlineData("hostdev", "HostDisk or -HostChardev")]
    [InlineData("cgroup", "CgroupClass")]
    [InlineData("shmem", "Size")]
    public void What_a_resource_type_needs_is_named(string type, string named) =>
        Assert.Contains("-" + named, Refused(FaultId.MissingField, Make(RecordTypes.Resource, [("ResourceType", type), ("Reason", "start")])), StringComparison.Ordinal);

    [Theory]
    [InlineData("VMName")]
    [InlineData("Uuid")]
    [InlineData("Reason")]
    [InlineData("VMProcessId")]
    [InlineData("Result")]
    public void What_a_start_needs_is_named(string field)
    {
        VirtAuditRecord record = Start();
        RecordProperties.Set(record, Enum.Parse<RecordField>(field), null);
        Assert.Contains("-" + field, Refused(FaultId.MissingField, record), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("52:54:00:AA:00:01", "52:54:00:aa:00:01")]
    [InlineData("52:54:00:aa:00", null)]
    [InlineData("52-54-00-aa-00-01", null)]
    [InlineData("52:54:00:aa:00:01 ", null)]
    [InlineData("52:54:00:aa:00:01\n", null)]
    [InlineData("", null)]
    public void A_mac_address_is_checked_and_written_in_lower_case(string given, string? written) =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", "net"), ("Reason", "open"), ("MacAddress", given), ("DevicePath", "/dev/net/tun")]), "MacAddress", "net=", written);

    [Theory]
    [InlineData("52:54:00:AA:00:01", "\"52:54:00:aa:00:01\"")]
    [InlineData("vnet0", null)]
    public void The_values_of_a_network_interface_are_mac_addresses(string given, string? written) =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", "net"), ("Reason", "attach"), ("NewValue", given)]), "NewValue", "new-net=", written);

    [Theory]
    [InlineData("0a:c8", "0A:C8")]
    [InlineData("88:1000", "88:1000")]
    [InlineData("10:200:1", null)]
    [InlineData("G1:00", null)]
    [InlineData("1:2", null)]
    [InlineData("001:02", null)]
    [InlineData("", null)]
    public void A_device_number_is_checked_and_written_in_upper_case(string given, string? written) =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", "net"), ("Reason", "open"), ("MacAddress", "52:54:00:aa:00:01"), ("DevicePath", "/dev/x"), ("DeviceNumber", given)]), "DeviceNumber", "rdev=", written);

    [Theory]
    [InlineData("r", "r")]
    [InlineData("rwm", "rwm")]
    [InlineData("rm", "rm")]
    [InlineData("mr", null)]
    [InlineData("rr", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void An_access_is_letters_of_rwm(string given, string? written) => CheckField(CgroupMajor("88", given), "Access", "acl=", written);

    [Theory]
    [InlineData("88", "88")]
    [InlineData("e2", "E2")]
    [InlineData("pty", null)]
    [InlineData("8", null)]
    public void A_major_number_is_hexadecimal(string given, string? written) => CheckField(CgroupMajor(given, "rw"), "Major", "maj=", written);

    [Theory]
    [InlineData("vcpu", 4, "4")]
    [InlineData("vcpu", 4294967295L, "4294967295")]
    [InlineData("vcpu", 4294967296L, null)]
    [InlineData("mem", 4294967296L, "4294967296")]
    [InlineData("mem", "1048576", "1048576")]
    [InlineData("mem", 1048576.0, "1048576")]
    [InlineData("mem", 0.5, null)]
    [InlineData("mem", -1, null)]
    [InlineData("mem", "-1", null)]
    [InlineData("mem", "1 res=failed", null)]
    [InlineData("mem", "", null)]
    [InlineData("mem", double.NaN, null)]
    [InlineData("mem", true, null)]
    [InlineData("iothread", "x", null)]
    public void Counts_are_whole_numbers(string type, object given, string? written) =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", type), ("Reason", "update"), ("OldValue", 0), ("NewValue", given)]), "NewValue", $"new-{type}=", written);

    [Fact]
    public void A_value_that_is_no_text_is_refused() =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", "disk"), ("Reason", "attach"), ("NewValue", new object[] { 1, 2 })]), "NewValue", "", null);

    [Fact]
    public void Half_a_character_is_refused() =>
        CheckField(Make(RecordTypes.Resource, [("ResourceType", "disk"), ("Reason", "attach"), ("NewValue", "a\ud800b")]), "NewValue", "", null);

    [Theory]
    [InlineData("usb", "001.002", false)]
    [InlineData("usb", "USB redirdev", false)]
    [InlineData("usb", "1.2", true)]
    [InlineData("pci", "0000:00:04.0", false)]
    [InlineData("pci", "00:04.0", true)]
    [InlineData("scsi", "scsi_host0:0:3:1", false)]
    [InlineData("scsi", "(null):0:3:1", true)]
    [InlineData("scsi_host", "naa.5001405e3f0ba5b1", false)]
    [InlineData("scsi_host", "x", true)]
    [InlineData("mdev", "3f2a1b4c-0000-4000-8000-000000000001", false)]
    [InlineData("mdev", "x", true)]
    [InlineData("ccw", "anything", false)]
    public void An_odd_address_is_written_with_a_warning(string bus, string device, bool odd)
    {
        Body(Make(RecordTypes.Resource, [("ResourceType", "dev"), ("Reason", "attach"), ("Bus", bus), ("Device", device)]));
        Assert.Equal(odd ? 1 : 0, _warnings.Count);
    }

    /// <summary>Every field of every shape, with what could end a value, a field, the message or the line.</summary>
    [Fact]
    public void Nothing_breaks_out_of_any_field_of_any_shape()
    {
        string[] attacks = ["x res=failed", "\"", "\" res=failed x=\"", "'", "x' res=failed", "a\nb", "a\rb", "a\tb", "a\u001dUID=\"x\"", "\0", "\u007f", "\u0085", "\u00a0x", " ", "?", "a=b", "é", "\uef80", new string('x', 9000)];
        int refused = 0, written = 0;
        foreach (RecordShape shape in Grammar.Shapes)
        {
            foreach (FieldDefinition field in shape.Fields.Where(field => field.FixedValue is null && field.Form is FieldForm.Encoded or FieldForm.Word or FieldForm.Verbatim))
            {
                foreach (string attack in attacks)
                {
                    VirtAuditRecord record = Example(shape);
                    RecordProperties.Set(record, field.Property, attack);
                    string body;
                    try
                    {
                        body = Body(record);
                        RecordValidator.CheckLength(body.Length);
                    }
                    catch (FaultException e) when (e.Fault.Id is FaultId.UnsafeFieldValue or FaultId.InvalidFieldValue or FaultId.MessageTooLong)
                    {
                        refused++;
                        continue;
                    }

                    written++;
                    VirtAuditRecord back = Assert.Single(CollectingSink.Read([ByteText.GetBytes(
                        $"type={RecordTypes.GetName(shape.RecordType)} msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=0 msg='{body} exe=\"/x\" hostname=? addr=? terminal=? res=success'")]).Records);

                    // A value that looks like the field's missing one is the one thing that the format can't tell apart.
                    bool looksMissing = attack == "?" && (field.Form == FieldForm.Encoded ? field.IsMissingInQuotes : field.Missing == MissingForm.Bare);
                    object? expected = looksMissing ? null : attack;
                    Assert.True(Equals(expected, RecordProperties.Get(back, field.Property)), $"{shape.Name}: {body} was read as {RecordProperties.Get(back, field.Property)}");
                    Assert.Equal("success", back.Result);
                    Assert.Null(back.AdditionalFields);
                }
            }
        }

        Assert.True(refused > 500 && written > 500, $"{refused} refused, {written} written");
    }

    [Fact]
    public void The_examples_of_the_attacks_are_themselves_written()
    {
        foreach (RecordShape shape in Grammar.Shapes)
        {
            Assert.Same(shape, RecordValidator.Check(Example(shape), _warnings.Add));
        }
    }

    [Fact]
    public void A_text_that_the_kernel_would_cut_is_too_long()
    {
        RecordValidator.CheckLength(8560);
        Assert.Contains("8561", Assert.Throws<FaultException>(() => RecordValidator.CheckLength(8561)).Fault.Message, StringComparison.Ordinal);
    }

    private static VirtAuditRecord Start() => Make(RecordTypes.Control, [("Operation", "start"), ("Reason", "booted"), ("VMProcessId", 4711L)]);

    private static VirtAuditRecord CgroupMajor(string major, string access) => Make(RecordTypes.Resource,
        [("ResourceType", "cgroup"), ("Reason", "allow"), ("Cgroup", "/a"), ("CgroupClass", "major"), ("Category", "pty"), ("Major", major), ("Access", access)]);

    private static VirtAuditRecord Make(int type, (string Field, object? Value)[] values)
    {
        var record = new VirtAuditRecord { RecordTypeId = type, Driver = "kvm", VMName = "web01", Uuid = Guest, Result = "success" };
        foreach ((string field, object? value) in values)
        {
            RecordProperties.Set(record, Enum.Parse<RecordField>(field), value);
        }

        return record;
    }

    private static VirtAuditRecord Example(RecordShape shape)
    {
        VirtAuditRecord record = Make(shape.RecordType, []);
        foreach (FieldDefinition field in shape.Fields)
        {
            RecordProperties.Set(record, field.Property, field switch
            {
                { FixedValue: string word } => word,
                { Form: FieldForm.Uuid } => Guest,
                { Form: FieldForm.Number } => 1L,
                { Form: FieldForm.LargeNumber } => 1UL,
                { Rule: ValueRule.MacAddress } => "52:54:00:aa:00:01",
                { Rule: ValueRule.DeviceNumber } => "0A:C8",
                { Rule: ValueRule.Major } => "88",
                { Values: [string first, ..] } => first,
                _ => "value",
            });
        }

        return record;
    }

    private string Body(VirtAuditRecord record)
    {
        var text = new ArrayBufferWriter<byte>();
        RecordEncoder.WriteBody(record, RecordValidator.Check(record, _warnings.Add), text);
        return ByteText.GetString(text.WrittenSpan);
    }

    private string Refused(FaultId expected, VirtAuditRecord record)
    {
        Fault fault = Assert.Throws<FaultException>(() => Body(record)).Fault;
        Assert.Equal(expected, fault.Id);
        return fault.Message;
    }

    private void CheckField(VirtAuditRecord record, string field, string key, string? written)
    {
        if (written is null)
        {
            Assert.Contains("-" + field, Refused(FaultId.InvalidFieldValue, record), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(" " + key + written, Body(record), StringComparison.Ordinal);
        }
    }
}
