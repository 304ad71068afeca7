using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Lines of the other records that the analysis reads: denials, anomalies, boots.</summary>
internal sealed class TrailEventTarget : FuzzTarget
{
    private static readonly string[] Fields = ["pid", "auid", "comm", "exe", "name", "path", "profile", "target", "scontext", "tcontext", "tclass", "apparmor", "operation", "subj", "op", "res", "sig"];
    private static readonly byte[][] Names = [.. Fields.Select(System.Text.Encoding.ASCII.GetBytes)];
    private readonly Allocation _allocation = new();
    private readonly EventLine _line = new();
    private readonly LinearTime _time;

    public TrailEventTarget() => _time = new LinearTime(Read);

    public override IReadOnlyList<string> Words =>
    [
        "type=AVC ", "type=ANOM_ABEND ", "type=SECCOMP ", "type=SYSTEM_BOOT ", "type=DAEMON_END ", "type=1400 ", "node=a ", "msg=audit(1.000:1): ", "audit: ", "[ 1.0] ", "kernel: ", "host audispd: ",
        .. Fields.Select(name => name + "="), "apparmor=\"DENIED\"", "system_u:system_r:svirt_t:s0:c1,c2", "(null)", "msg='", "\u001d",
    ];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("selinux-incidents.log").Concat(TestData.Lines("apparmor-incidents.log"))
        .Concat(TestData.Lines("qemu-enriched.log").Where(line => line.AsSpan().IndexOf("type=VIRT_"u8) < 0)).Concat(TestData.Lines("dmesg.txt", "audit: type=1"));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        long before = Allocation.Now;
        Read(input);
        _allocation.Check(before, input.Length);
        _time.Check(input, ref choice);
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        if (!_line.TryRead(line, out AuditEvent? found))
        {
            return;
        }

        foreach (byte[] name in Names)
        {
            // What is found is of the line: no value is longer than it.
            if (found.Text(name) is string text && ByteText.GetBytes(text).Length > line.Length)
            {
                throw new PropertyException("a field is of its line", text);
            }

            found.Number(name);
        }
    }
}
