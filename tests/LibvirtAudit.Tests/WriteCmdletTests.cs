using System.Globalization;
using System.Management.Automation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Kernel;

namespace LibvirtAudit.Tests;

/// <summary>The Write cmdlets as a prompt sees them; what is written goes to files.</summary>
[SupportedOSPlatform("linux")]
public sealed class WriteCmdletTests : IDisposable
{
    private const string Guest = "-VMName web01 -Uuid 3f2a1b4c-0000-4000-8000-000000000001 -Driver kvm";
    private const string GuestFields = "vm=\"web01\" uuid=3f2a1b4c-0000-4000-8000-000000000001";
    private const string Start = $"Write-VirtControlAudit {Guest} -Operation start -Reason booted -VMProcessId 4711";
    private const string StartBody = $"virt=kvm op=start reason=booted {GuestFields} vm-pid=4711";

    private readonly ModuleHost _host;
    private readonly string _folder;

    public WriteCmdletTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is for Linux");
        _host = new ModuleHost();
        _folder = Directory.CreateTempSubdirectory("virtaudit-").FullName;
    }

    private string Log => Path.Combine(_folder, "audit.log");

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The bodies are those of format.md §3, written out by hand.</summary>
    [Theory]
    [InlineData("-ResourceType disk -Reason attach -NewValue '/img/a.qcow2'", "resrc=disk reason=attach {0} old-disk=\"?\" new-disk=\"/img/a.qcow2\"")]
    [InlineData("-ResourceType disk -Reason update -OldValue '/a b' -NewValue '/c'", "resrc=disk reason=update {0} old-disk=2F612062 new-disk=\"/c\"")]
    [InlineData("-ResourceType net -Reason start -NewValue 52:54:00:AA:00:01", "resrc=net reason=start {0} old-net=\"?\" new-net=\"52:54:00:aa:00:01\"")]
    [InlineData("-ResourceType net -Reason open -MacAddress 52:54:00:aa:00:01 -DevicePath /dev/net/tun -DeviceNumber 0A:C8", "resrc=net reason=open {0} net=52:54:00:aa:00:01 path=\"/dev/net/tun\" rdev=0A:C8")]
    [InlineData("-ResourceType fs -Reason detach -OldValue /srv", "resrc=fs reason=detach {0} old-fs=\"/srv\" new-fs=\"?\"")]
    [InlineData("-ResourceType rng -Reason start -NewValue /dev/urandom", "resrc=rng reason=start {0} old-rng=\"?\" new-rng=\"/dev/urandom\"")]
    [InlineData("-ResourceType chardev -Reason start -NewValue ''", "resrc=chardev reason=start {0} old-chardev=\"?\" new-chardev=\"\"")]
    [InlineData("-ResourceType smartcard -Reason start -NewValue nss-smartcard-device", "resrc=smartcard reason=start {0} old-smartcard=\"?\" new-smartcard=\"nss-smartcard-device\"")]
    [InlineData("-ResourceType vcpu -Reason start -OldValue 0 -NewValue 4", "resrc=vcpu reason=start {0} old-vcpu=0 new-vcpu=4")]
    [InlineData("-ResourceType iothread -Reason update -OldValue 1 -NewValue 2", "resrc=iothread reason=update {0} old-iothread=1 new-iothread=2")]
    [InlineData("-ResourceType mem -Reason start -OldValue 0 -NewValue 1048576", "resrc=mem reason=start {0} old-mem=0 new-mem=1048576")]
    [InlineData("-ResourceType mem -Reason update -OldMemory 512MB -NewMemory 1GB", "resrc=mem reason=update {0} old-mem=524288 new-mem=1048576")]
    [InlineData("-ResourceType MEM -Reason update -OldValue 524288 -NewMemory 16TB", "resrc=mem reason=update {0} old-mem=524288 new-mem=17179869184")]
    [InlineData("-ResourceType dev -Reason attach -Bus usb -Device 001.002", "resrc=dev reason=attach {0} bus=usb device=\"001.002\"")]
    [InlineData("-ResourceType dev -Reason start -Bus pci -Device 0000:00:04.0", "resrc=dev reason=start {0} bus=pci device=\"0000:00:04.0\"")]
    [InlineData("-ResourceType dev -Reason start -Bus scsi -Device scsi_host0:0:3:1", "resrc=dev reason=start {0} bus=scsi device=\"scsi_host0:0:3:1\"")]
    [InlineData("-ResourceType dev -Reason start -Bus scsi_host -Device naa.5001405e3f0ba5b1", "resrc=dev reason=start {0} bus=scsi_host device=\"naa.5001405e3f0ba5b1\"")]
    [InlineData("-ResourceType dev -Reason start -Bus mdev -Device 3f2a1b4c-0000-4000-8000-000000000002", "resrc=dev reason=start {0} bus=mdev device=\"3f2a1b4c-0000-4000-8000-000000000002\"")]
    [InlineData("-ResourceType dev -Reason attach -Bus usb -Device 'USB redirdev'", "resrc=dev reason=attach {0} bus=usb device=555342207265646972646576")]
    [InlineData("-ResourceType hostdev -Reason start -HostDisk /dev/sdb", "resrc=hostdev reason=start {0} disk=\"/dev/sdb\"")]
    [InlineData("-ResourceType hostdev -Reason start -HostChardev /dev/tty0", "resrc=hostdev reason=start {0} chardev=\"/dev/tty0\"")]
    [InlineData("-ResourceType tpm -Reason start -Device /dev/tpm0", "resrc=tpm reason=start {0} device=\"/dev/tpm0\"")]
    [InlineData("-ResourceType tpm-emulator -Reason start -Device /run/swtpm.sock", "resrc=tpm-emulator reason=start {0} device=\"/run/swtpm.sock\"")]
    [InlineData("-ResourceType tpm-external -Reason start -Device /run/tpm.sock", "resrc=tpm-external reason=start {0} device=\"/run/tpm.sock\"")]
    [InlineData("-ResourceType cgroup -Reason deny -Cgroup /sys/fs/cgroup/a -CgroupClass all", "resrc=cgroup reason=deny {0} cgroup=\"/sys/fs/cgroup/a\" class=all")]
    [InlineData("-ResourceType cgroup -Reason deny -CgroupClass all", "resrc=cgroup reason=deny {0} cgroup=\"?\" class=all")]
    [InlineData("-ResourceType cgroup -Reason allow -Cgroup /a -CgroupClass major -Category pty -Major 88 -Access rw", "resrc=cgroup reason=allow {0} cgroup=\"/a\" class=major category=pty maj=88 acl=rw")]
    [InlineData("-ResourceType cgroup -Reason allow -Cgroup /a -CgroupClass path -DevicePath /dev/null -DeviceNumber 01:03 -Access rwm", "resrc=cgroup reason=allow {0} cgroup=\"/a\" class=path path=\"/dev/null\" rdev=01:03 acl=rwm")]
    [InlineData("-ResourceType shmem -Reason start -Size 4MB -DevicePath /dev/shm/a", "resrc=shmem reason=start {0} size=4194304 path=/dev/shm/a")]
    [InlineData("-ResourceType ivshmem-socket -Reason start -DevicePath /run/a", "resrc=ivshmem-socket reason=start {0} path=/run/a")]
    [InlineData("-ResourceType evdev -Reason attach -DevicePath /dev/input/event0", "resrc=evdev reason=attach {0} path=/dev/input/event0")]
    public void Every_resource_type_has_libvirts_body(string parameters, string body)
    {
        ScriptResult result = _host.Invoke($"Write-VirtResourceAudit {Guest} {parameters} -LogPath '{Log}'").ThrowOnError();
        Assert.Empty(result.Warnings);
        Assert.Equal("virt=kvm " + string.Format(CultureInfo.InvariantCulture, body, GuestFields), AuditText.Body(Assert.Single(File.ReadAllLines(Log))));
    }

    [Theory]
    [InlineData("Control", "-Operation start -Reason booted -VMProcessId 4711", "virt=kvm op=start reason=booted {0} vm-pid=4711")]
    [InlineData("Control", "-Operation stop -Reason shutdown -VMProcessId 0", "virt=kvm op=stop reason=shutdown {0} vm-pid=0")]
    [InlineData("Control", "-Operation init -VMProcessId 1 -InitProcessId 2 -PidNamespace 4026532261", "virt=kvm op=init {0} vm-pid=1 init-pid=2 pid-ns=4026532261")]
    [InlineData("MachineId", "-VMContext 'system_u:system_r:svirt_t:s0:c1,c2' -ImageContext 'system_u:object_r:svirt_image_t:s0:c1,c2' -Model selinux", "virt=kvm {0} vm-ctx=system_u:system_r:svirt_t:s0:c1,c2 img-ctx=system_u:object_r:svirt_image_t:s0:c1,c2 model=selinux")]
    [InlineData("MachineId", "", "virt=kvm {0} vm-ctx=? img-ctx=? model=?")]
    public void The_other_kinds_have_libvirts_body(string kind, string parameters, string body)
    {
        _host.Invoke($"Write-Virt{kind}Audit {Guest} {parameters} -LogPath '{Log}'").ThrowOnError();
        Assert.Equal(string.Format(CultureInfo.InvariantCulture, body, GuestFields), AuditText.Body(Assert.Single(File.ReadAllLines(Log))));
    }

    [Fact]
    public void A_driver_that_is_not_given_is_written_as_libvirt_writes_one_that_it_does_not_know()
    {
        _host.Invoke($"{Start.Replace(" -Driver kvm", "", StringComparison.Ordinal)} -LogPath '{Log}'").ThrowOnError();
        Assert.StartsWith("virt=? ", AuditText.Body(File.ReadAllText(Log)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_shows_the_exact_text_and_writes_nothing()
    {
        ScriptResult result = _host.Invoke($"{Start} -LogPath '{Log}' -PassThru");
        string text = File.ReadAllText(Log);
        text = text[(text.IndexOf("msg='", StringComparison.Ordinal) + 5)..text.LastIndexOf('\'')];
        File.Delete(Log);
        Assert.Contains('"' + text + '"', _host.Render($"{Start} -LogPath '{Log}' -WhatIf", width: 2000), StringComparison.Ordinal);
        Assert.Empty(_host.Invoke($"{Start} -LogPath '{Log}' -WhatIf -PassThru").ThrowOnError().Output);
        Assert.False(File.Exists(Log));
        Assert.Single(result.Output);
    }

    [Fact]
    public void Nothing_comes_out_unless_it_is_asked_for() => Assert.Empty(_host.Invoke($"{Start} -LogPath '{Log}'").ThrowOnError().Output);

    [Fact]
    public void What_is_passed_on_is_the_record_as_the_file_has_it()
    {
        PSObject record = Assert.Single(_host.Invoke($"{Start} -LogPath '{Log}' -PassThru").ThrowOnError().Output);
        PSObject read = Assert.Single(_host.Invoke($"Get-VirtAuditRecord -LiteralPath '{Log}'").ThrowOnError().Output);
        string[] differing = [.. read.Properties.Where(property => !Equals(property.Value, record.Properties[property.Name].Value)).Select(property => property.Name)];
        Assert.Equal(["Delivered"], differing);
        Assert.Equal(true, record.Properties["Delivered"].Value);
        Assert.Equal(Log, record.Properties["Source"].Value);
    }

    [Theory]
    [InlineData("$_")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_))")]
    public void A_record_that_is_piped_in_is_written_again_to_the_byte(string carried)
    {
        (string, string, string)[] kinds = [("lxc-enriched.log", "VIRT_CONTROL", "Control"), ("qemu-fakehw-enriched.log", "VIRT_MACHINE_ID", "MachineId"), ("lxc-enriched.log", "VIRT_RESOURCE", "Resource")];
        foreach ((string file, string type, string cmdlet) in kinds)
        {
            string log = Log + cmdlet;
            _host.Invoke($"Get-VirtAuditRecord -LiteralPath '{Repository.Data(file)}' -RecordType {type} | ForEach-Object {{ {carried} }} | Write-Virt{cmdlet}Audit -LogPath '{log}'").ThrowOnError();
            string[] expected = [.. AuditText.Captured(file, type + " ").Select(line => AuditText.Body(line) + AuditText.Result(line))];
            Assert.NotEmpty(expected);
            Assert.Equal(expected, File.ReadAllLines(log).Select(line => AuditText.Body(line) + AuditText.Result(line)));
        }
    }

    [Theory]
    [InlineData("VIRT_CONTROL", "Resource")]
    [InlineData("VIRT_CONTROL", "MachineId")]
    [InlineData("VIRT_RESOURCE", "Control")]
    [InlineData("VIRT_RESOURCE", "MachineId")]
    [InlineData("VIRT_MACHINE_ID", "Control")]
    [InlineData("VIRT_MACHINE_ID", "Resource")]
    public void A_record_of_another_kind_is_an_error_and_the_rest_goes_on(string type, string cmdlet)
    {
        int count = AuditText.Captured("qemu-fakehw-enriched.log", type + " ").Length;
        Assert.NotEqual(0, count);
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord -LiteralPath '{Repository.Data("qemu-fakehw-enriched.log")}' -RecordType {type} | Write-Virt{cmdlet}Audit -LogPath '{Log}'");
        Assert.Null(result.TerminatingError);
        Assert.Equal(Enumerable.Repeat("UnsupportedRecord", count), result.ErrorIds);
        Assert.False(File.Exists(Log));
    }

    [Fact]
    public void A_record_with_fields_that_libvirt_does_not_write_is_refused()
    {
        const string Docker = "type=VIRT_CONTROL msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=0 msg='virt=docker op=start reason=booted vm=\"a\" uuid=3f2a1b4c-0000-4000-8000-000000000001 vm-pid=1 user=joe exe=\"/x\" hostname=? addr=? terminal=? res=success'";
        ScriptResult result = _host.Invoke($"$input | ConvertFrom-VirtAuditText | Write-VirtControlAudit -LogPath '{Log}'", Docker);
        Assert.Equal(["UnsupportedRecord"], result.ErrorIds);
        Assert.Contains("user=joe", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ResourceType disk -Reason attach -NewValue /a -Bus usb", "MisplacedField", "-Bus 'usb'")]
    [InlineData("-ResourceType disk -Reason attach", "MissingField", "-NewValue")]
    [InlineData("-ResourceType disk -NewValue /a", "MissingField", "-Reason")]
    [InlineData("-ResourceType $null -Reason attach", "MissingField", "-ResourceType")]
    [InlineData("-ResourceType '' -Reason attach", "InvalidFieldValue", "-ResourceType")]
    [InlineData("-ResourceType floppy -Reason attach", "InvalidFieldValue", "-ResourceType 'floppy'")]
    [InlineData("-ResourceType net -Reason attach -NewValue 52:54", "InvalidFieldValue", "-NewValue '52:54'")]
    [InlineData("-ResourceType mem -Reason start -OldValue 0 -NewMemory 1000", "InvalidFieldValue", "-NewMemory '1000'")]
    [InlineData("-ResourceType mem -Reason start -OldValue 0 -NewMemory -1024", "InvalidFieldValue", "-NewMemory '-1024'")]
    [InlineData("-ResourceType mem -Reason start -OldValue 0 -NewValue 1 -NewMemory 1024", "MisplacedField", "-NewMemory and -NewValue")]
    [InlineData("-ResourceType vcpu -Reason start -OldValue 0 -NewMemory 1024", "MisplacedField", "-NewMemory")]
    [InlineData("-ResourceType evdev -Reason attach -DevicePath 'a res=failed'", "UnsafeFieldValue", "-DevicePath 'a res=failed'")]
    [InlineData("-ResourceType evdev -Reason \"a`nb\" -DevicePath /a", "UnsafeFieldValue", "-Reason 'a`nb'")]
    [InlineData("-ResourceType disk -Reason attach -NewValue ('é' * 3000)", "MessageTooLong", "8560")]
    [InlineData("-ResourceType disk -Reason attach -NewValue /a -Result maybe", "InvalidFieldValue", "-Result 'maybe'")]
    public void What_is_wrong_is_named_and_nothing_is_written(string parameters, string id, string named)
    {
        ScriptResult result = _host.Invoke($"Write-VirtResourceAudit {Guest} {parameters} -LogPath '{Log}'");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.Equal([id], result.ErrorIds);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(named, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.False(File.Exists(Log));
    }

    [Theory]
    [InlineData("Reason = 'attach'; NewValue = '/a'; VMName = $null; Uuid = $uuid", "VMName")]
    [InlineData("Reason = 'attach'; NewValue = '/a'; VMName = 'a'; Uuid = $null", "Uuid")]
    public void A_piped_object_without_what_every_record_has_is_an_error_and_the_rest_goes_on(string properties, string named)
    {
        ScriptResult result = _host.Invoke($$"""
            $uuid = '3f2a1b4c-0000-4000-8000-000000000001'
            [pscustomobject]@{ ResourceType = 'disk'; {{properties}} }, [pscustomobject]@{ ResourceType = 'disk'; Reason = 'attach'; NewValue = '/a'; VMName = 'a'; Uuid = $uuid } |
                Write-VirtResourceAudit -LogPath '{{Log}}'
            """);
        Assert.Equal(["MissingField"], result.ErrorIds);
        Assert.Contains("-" + named, result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Log));
    }

    [Fact]
    public void A_device_that_is_there_gives_its_number_where_none_is_given()
    {
        string open = $"Write-VirtResourceAudit {Guest} -ResourceType net -Reason open -MacAddress 52:54:00:aa:00:01 -LogPath '{Log}'";
        _host.Invoke($"{open} -DevicePath /dev/null; {open} -DevicePath {_folder}; {open} -DevicePath /nowhere; {open} -DevicePath /dev/null -DeviceNumber $null; {open} -DevicePath /dev/null -DeviceNumber 0A:C8").ThrowOnError();

        // /dev/null is 1:3 (devices.txt of Linux); what is no device has none.
        Assert.Equal(["01:03", "?", "?", "?", "0A:C8"], File.ReadAllLines(Log).Select(line => AuditText.Body(line).Split("rdev=")[1]));
    }

    [Theory]
    [InlineData("Write-VirtResourceAudit -ResourceType disk -Reason ", "start attach detach update mirror snapshot")]
    [InlineData("Write-VirtResourceAudit -ResourceType cgroup -Reason ", "allow deny")]
    [InlineData("Write-VirtResourceAudit -ResourceType cgroup -CgroupClass ", "all major path")]
    [InlineData("Write-VirtResourceAudit -ResourceType cgroup -CgroupClass major -Category ", "pty sound")]
    [InlineData("Write-VirtResourceAudit -ResourceType dev -Bus s", "scsi scsi_host")]
    [InlineData("Write-VirtControlAudit -Operation stop -Reason s", "shutdown saved")]
    [InlineData("Write-VirtControlAudit -Reason at", "")]
    [InlineData("Write-VirtControlAudit -Operation ", "start stop init")]
    [InlineData("Write-VirtMachineIdAudit -Model ", "dac selinux apparmor none")]
    [InlineData("Write-VirtControlAudit -AuditLevel ", "0 1 2")]
    [InlineData("Write-VirtControlAudit -Result ", "success failed")]
    public void Completion_offers_what_fits_what_is_typed(string line, string offered) =>
        Assert.Equal(offered, string.Join(' ', _host.Complete(line).Where(match => match.ResultType == CompletionResultType.ParameterValue).Select(match => match.CompletionText)));

    [Fact]
    public void Completion_offers_no_value_of_a_field_that_the_resource_type_does_not_have() =>
        Assert.DoesNotContain(_host.Complete("Write-VirtResourceAudit -ResourceType disk -Bus "), match => match.CompletionText is "usb" or "pci");

    [Fact]
    public void Logging_goes_to_the_information_stream_and_to_the_journal_as_libvirt_words_it()
    {
        string path = Path.Combine(_folder, "journal");
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
        journal.Bind(new UnixDomainSocketEndPoint(path));
        ScriptResult result = _host.Invoke($"{Start} -LogPath '{Log}' -AuditLogging -JournalSocket '{path}'; {Start} -Result failed -AuditLevel 0 -AuditLogging -JournalSocket '{path}'; {Start} -AuditLevel 0 -AuditLogging:$false -JournalSocket '{path}'").ThrowOnError();

        Assert.Equal(["success=yes " + StartBody, "success=no " + StartBody], result.Information.Select(message => message.MessageData.ToString()));
        Assert.Equal([("success=yes " + StartBody, "6"), ("success=no " + StartBody, "4")], [Receive(journal), Receive(journal)]);
        Assert.Equal(0, journal.Available);
    }

    [Fact]
    public void A_journal_that_does_not_listen_is_told_once_and_a_host_without_one_is_none_of_it()
    {
        string path = Path.Combine(_folder, "journal");
        File.WriteAllText(path, "");
        string three = $"1..3 | ForEach-Object {{ [pscustomobject]@{{ VMProcessId = $_ }} }} | {Start.Replace(" -VMProcessId 4711", "", StringComparison.Ordinal)} -LogPath '{Log}' -AuditLogging -JournalSocket";
        Assert.Single(_host.Invoke($"{three} '{path}'").ThrowOnError().Warnings);
        Assert.Empty(_host.Invoke($"{three} '{path}.none'").ThrowOnError().Warnings);
        Assert.Equal(6, File.ReadAllLines(Log).Length);
    }

    [Fact]
    public void Level_and_logging_come_from_the_configuration_of_the_drivers_daemon()
    {
        File.WriteAllText(Path.Combine(_folder, "libvirtd.conf"), "audit_level = 0\naudit_logging = 0\n");
        File.WriteAllText(Path.Combine(_folder, "virtqemud.conf"), "audit_level = 0\naudit_logging = 1\n");
        string[] starts = [Start, Start.Replace("kvm", "xen", StringComparison.Ordinal), Start + " -AuditLogging:$false", Start.Replace("kvm", "xen", StringComparison.Ordinal) + " -AuditLogging"];
        Assert.Equal([1, 0, 0, 1], starts.Select(start => _host.Invoke($"{start} -LibvirtConfigurationFolder '{_folder}' -JournalSocket /nowhere").ThrowOnError().Information.Count));
        Assert.Equal([false], _host.Invoke($"{Start} -PassThru -LibvirtConfigurationFolder '{_folder}' -JournalSocket /nowhere").ThrowOnError().Values("Delivered"));
    }

    [Theory]
    [InlineData("none/audit.log", "PathNotFound")]
    [InlineData(".", "PathIsDirectory")]
    [InlineData("open/link", "UnsafeLink")]
    [InlineData("Variable:/x", "PathNotFileSystem")]
    [InlineData("nodrive:/x", "PathNotFound")]
    public void A_file_that_can_not_be_written_ends_the_pipeline(string path, string id)
    {
        string open = Directory.CreateDirectory(Path.Combine(_folder, "open")).FullName;
        File.SetUnixFileMode(open, (UnixFileMode)0b1_111_111_111);
        File.CreateSymbolicLink(Path.Combine(open, "link"), Log);
        _host.Location = _folder;
        ScriptResult result = _host.Invoke($"1..3 | ForEach-Object {{ [pscustomobject]@{{ VMProcessId = $_ }} }} | {Start.Replace(" -VMProcessId 4711", "", StringComparison.Ordinal)} -LogPath '{path}'");
        Assert.Equal([id], result.ErrorIds);
        Assert.False(File.Exists(Log));
    }

    [Fact]
    public void Relative_paths_are_those_of_the_session()
    {
        _host.Location = _folder;
        _host.Invoke($"{Start} -LogPath audit.log").ThrowOnError();
        Assert.Single(File.ReadAllLines(Log));
    }

    /// <summary>Every value parameter of every Write cmdlet with everything that could mislead a reader: refused, or read back as it was given.</summary>
    [Fact]
    public void No_value_of_any_parameter_misleads_a_reader()
    {
        const string Values = """'', ' ', '?', 'x res=failed', '"', '" res=failed x="', "'", "a`nb", "a`rb", "a`tb", "a$([char]0x1d)UID=b", "$([char]0)", "$([char]0x7f)", 'é', "$([char]0xd800)", ('y' * 9000), -1, 1.5, ([long]::MaxValue), $true, @(1, 2), @{ a = 1 }, ([datetime]::Now)""";
        string[] written =
        [
            $"Write-VirtControlAudit @p -LogPath '{Log}'", "@{ VMName = 'a'; Uuid = $uuid; Driver = 'kvm'; Operation = 'start'; Reason = 'booted'; VMProcessId = 1; Result = 'success' }",
            $"Write-VirtControlAudit @p -LogPath '{Log}'", "@{ VMName = 'a'; Uuid = $uuid; Driver = 'lxc'; Operation = 'init'; VMProcessId = 1; InitProcessId = 2; PidNamespace = 3; Result = 'success' }",
            $"Write-VirtMachineIdAudit @p -LogPath '{Log}'", "@{ VMName = 'a'; Uuid = $uuid; Driver = 'kvm'; VMContext = 'a'; ImageContext = 'b'; Model = 'dac'; Result = 'success' }",
            .. ((string[])[
                "ResourceType = 'disk'; Reason = 'update'; OldValue = '/a'; NewValue = '/b'", "ResourceType = 'mem'; Reason = 'update'; OldValue = 1; NewValue = 2",
                "ResourceType = 'mem'; Reason = 'update'; OldMemory = 1024; NewMemory = 2048", "ResourceType = 'dev'; Reason = 'attach'; Bus = 'usb'; Device = '001.002'",
                "ResourceType = 'hostdev'; Reason = 'attach'; HostDisk = '/a'", "ResourceType = 'hostdev'; Reason = 'attach'; HostChardev = '/a'",
                "ResourceType = 'net'; Reason = 'open'; MacAddress = '52:54:00:aa:00:01'; DevicePath = '/a'; DeviceNumber = '01:03'",
                "ResourceType = 'cgroup'; Reason = 'allow'; Cgroup = '/a'; CgroupClass = 'major'; Category = 'pty'; Major = '88'; Access = 'rw'",
                "ResourceType = 'shmem'; Reason = 'start'; Size = 1; DevicePath = '/a'",
            ]).SelectMany(values => (string[])[$"Write-VirtResourceAudit @p -LogPath '{Log}'", $"@{{ VMName = 'a'; Uuid = $uuid; Driver = 'kvm'; Result = 'success'; {values} }}"]),
        ];

        int refused = 0, read = 0;
        foreach (string[] pair in written.Chunk(2))
        {
            ScriptResult result = _host.Invoke($$"""
                $uuid = [guid]'3f2a1b4c-0000-4000-8000-000000000001'
                foreach ($name in @(({{pair[1]}}).Keys)) {
                    foreach ($value in {{Values}}) {
                        $p = {{pair[1]}}
                        $p[$name] = $value
                        $failed = $false
                        try { {{pair[0]}} -ErrorAction Stop -WarningAction Ignore } catch { $failed = $_.FullyQualifiedErrorId.Split(',')[0] }
                        $exists = [System.IO.File]::Exists('{{Log}}')
                        [pscustomobject]@{ Name = $name; Value = $value; Failed = $failed; Exists = $exists; Text = $(if ($exists) { [System.IO.File]::ReadAllText('{{Log}}') }) ; Record = $(if ($exists) { Get-VirtAuditRecord -LiteralPath '{{Log}}' -IncludeMalformed }) }
                        if ($exists) { [System.IO.File]::Delete('{{Log}}') }
                    }
                }
                """).ThrowOnError();
            foreach (PSObject attempt in result.Output)
            {
                string name = (string)attempt.Properties["Name"].Value;
                string? given = attempt.Properties["Value"].Value is PSObject wrapped ? Convert.ToString(wrapped.BaseObject, CultureInfo.InvariantCulture) : Convert.ToString(attempt.Properties["Value"].Value, CultureInfo.InvariantCulture);
                if (attempt.Properties["Failed"].Value is string id)
                {
                    Assert.Equal(false, attempt.Properties["Exists"].Value);
                    Assert.Contains(id, (string[])["MissingField", "MisplacedField", "InvalidFieldValue", "UnsafeFieldValue", "MessageTooLong", "CannotConvertArgumentNoMessage", "CannotConvertArgument", "ParameterArgumentTransformationError"]);
                    refused++;
                    continue;
                }

                read++;
                string text = (string)attempt.Properties["Text"].Value;
                PSObject record = PSObject.AsPSObject(attempt.Properties["Record"].Value);
                Assert.True(Assert.IsType<string>(record.Properties["Result"].Value) == "success" && record.Properties["AdditionalFields"].Value is null && text.Count(c => c == '\n') == 1, text);
                object? back = name is "OldMemory" or "NewMemory" ? (long)record.Properties[name.Replace("Memory", "Value", StringComparison.Ordinal)].Value * 1024 : record.Properties[name].Value;
                Assert.True((back is null && given == "?") || string.Equals(Convert.ToString(back, CultureInfo.InvariantCulture), given, StringComparison.OrdinalIgnoreCase), $"{name}: '{given}' was read as '{back}' in {text}");
            }
        }

        Assert.True(refused > 500 && read > 200, $"{refused} refused, {read} read back");
    }

    private static (string Message, string Priority) Receive(Socket journal)
    {
        byte[] datagram = new byte[16 * 1024];
        ReadOnlySpan<byte> rest = datagram.AsSpan(0, journal.Receive(datagram));
        var fields = new Dictionary<string, string>();
        while (!rest.IsEmpty)
        {
            // systemd's JOURNAL_NATIVE_PROTOCOL: name, line feed, 64-bit length, value, line feed.
            int name = rest.IndexOf((byte)'\n');
            int length = (int)BitConverter.ToUInt64(rest[(name + 1)..]);
            fields.Add(System.Text.Encoding.ASCII.GetString(rest[..name]), System.Text.Encoding.UTF8.GetString(rest.Slice(name + 9, length)));
            Assert.Equal((byte)'\n', rest[name + 9 + length]);
            rest = rest[(name + 10 + length)..];
        }

        return (fields["MESSAGE"], fields["PRIORITY"]);
    }
}
