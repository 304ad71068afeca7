using LibvirtAudit.Fuzz.Properties;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>A carrier of records that is text.</summary>
internal abstract class TextTarget : FuzzTarget
{
    private readonly TextProperties _properties = new();

    public override IReadOnlyList<string> Words =>
    [
        "type=VIRT_CONTROL ", "type=VIRT_RESOURCE ", "type=VIRT_MACHINE_ID ", "type=UNKNOWN[2508] ", "node=a ", "msg=audit(1.000:1): ", "audit(1795360115.435:5090): ", "pid=1 ", "uid=0 ",
        "auid=4294967295 ", "ses=1 ", "subj=a:b:c:s0 ", "msg='", "virt=qemu ", "op=start ", "op=stop ", "op=init ", "reason=booted ", "reason=open ", "vm=\"a\" ", "vm=6120 ", "vm=\"?\"",
        "uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 ", "vm-pid=1 ", "init-pid=1 ", "pid-ns=1 ", "vm-ctx=", " img-ctx=", " model=", "resrc=disk ", "resrc=net ", "resrc=cgroup ", "resrc=shmem ",
        "resrc=dev ", "resrc=hostdev ", "resrc=evdev ", "old-disk=", "new-disk=", "old-net=", "new-net=", "net=52:54:00:aa:00:01 ", "path=", " rdev=0A:C8", "class=path ", "class=major ",
        "class=all", "acl=rwm", "bus=usb ", "device=", "size=1 ", " exe=", " hostname=?", " addr=?", " terminal=?", " res=success'", " res=failed'", " exe=\"/a\" hostname=? addr=? terminal=? res=success'",
        "\u001dUID=\"root\" AUID=\"unset\"", "key=key=41", "unknown(1002)", "unset",
    ];

    public override void Run(ReadOnlySpan<byte> input) => _properties.Check(input);
}
