namespace LibvirtAudit.Fuzz.Targets;

/// <summary>What auditd puts behind a record with log_format=ENRICHED: the record stands, its message's end and all behind are hostile.</summary>
internal sealed class EnrichedTarget : TextTarget
{
    private const string Start = "type=VIRT_CONTROL msg=audit(1795360115.435:5090): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=qemu op=start reason=booted vm=\"a\" "
        + "uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success";

    private readonly byte[] _text = new byte[Start.Length + 4096];

    public EnrichedTarget() => System.Text.Encoding.ASCII.GetBytes(Start, _text);

    public override int LongestInput => 512;

    public override IEnumerable<byte[]> Seeds() =>
        new[] { "'\u001dUID=\"root\" AUID=\"unset\"", "'UID=\"root\" AUID=\"unset\"", "' \u001d UID=\"a\" AUID=\"unknown(1002)\" SAUID=\"b\"", "'", "" }.Select(System.Text.Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        input.CopyTo(_text.AsSpan(Start.Length));
        base.Run(_text.AsSpan(0, Start.Length + input.Length));
    }
}
