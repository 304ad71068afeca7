using System.Globalization;

namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>
/// A guest that is started, gets and loses devices, and stops, told in the messages that libvirt sends of it. The texts are
/// written out from libvirt's <c>src/conf/domain_audit.c</c>, not by the project's encoder, which is one of the things measured.
/// </summary>
public sealed class GuestLife
{
    private static readonly (string Path, string Number)[] CommonDevices =
        [("/dev/null", "01:03"), ("/dev/full", "01:07"), ("/dev/zero", "01:05"), ("/dev/random", "01:08"), ("/dev/urandom", "01:09"), ("/dev/ptmx", "05:02"), ("/dev/kvm", "0A:E8")];

    private static readonly string[] StopReasons = ["shutdown", "shutdown", "shutdown", "destroyed", "destroyed", "migrated", "saved", "crashed", "failed"];

    private readonly int _number;
    private readonly Random _random;
    private readonly string _guest;
    private readonly string _cgroup;
    private readonly List<string> _hotDisks = [];
    private bool _runs;
    private int _starts;

    /// <summary>A guest that does not run yet.</summary>
    public GuestLife(int number, Random random)
    {
        _number = number;
        _random = random;

        // Some have a name that libvirt writes in hexadecimal.
        Name = number % 20 == 7 ? FormattableString.Invariant($"Büro {number} (alt)") : FormattableString.Invariant($"vm{number:0000}.example.org");
        Uuid = new Guid(number, 0x5eed, 0x4b1d, [0x9a, 0x4e, 0, 0, 0, 0, (byte)(number >> 8), (byte)number]).ToString("D");
        _guest = $"vm={Encode(Name)} uuid={Uuid}";
        _cgroup = Encode(string.Create(CultureInfo.InvariantCulture, $"/sys/fs/cgroup/devices/machine.slice/machine-qemu\\x2d{number}\\x2dvm.scope"));
    }

    /// <summary>The guest's name.</summary>
    public string Name { get; }

    /// <summary>Its UUID, with dashes.</summary>
    public string Uuid { get; }

    private int ProcessId => 20_000 + (((_number * 131) + (_starts * 17)) % 100_000);

    private string Mac => string.Create(CultureInfo.InvariantCulture, $"52:54:00:{(_number >> 16) & 0xff:x2}:{(_number >> 8) & 0xff:x2}:{_number & 0xff:x2}");

    /// <summary>What happens next.</summary>
    public IEnumerable<VirtMessage> Next()
    {
        if (!_runs)
        {
            return Start();
        }

        return _random.Next(10) switch
        {
            < 3 => Stop(),
            < 6 => AttachDisk(),
            < 8 when _hotDisks.Count > 0 => DetachDisk(),
            8 => [Resource("net", "attach", "old-net=\"?\" new-net=\"52:54:00:ff:00:01\""), Resource("net", "detach", "old-net=\"52:54:00:ff:00:01\" new-net=\"?\"")],
            _ => [Resource("disk", "update", $"old-disk=\"?\" new-disk={Encode("/var/lib/libvirt/images/install media.iso")}")],
        };
    }

    /// <summary>libaudit's rule for a name-value pair: hexadecimal where a byte is a quote, below 0x21 or above 0x7E.</summary>
    private static string Encode(string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        return Array.Exists(bytes, item => item is (byte)'"' or < 0x21 or > 0x7E) ? Convert.ToHexString(bytes) : $"\"{value}\"";
    }

    private IEnumerable<VirtMessage> Start()
    {
        _starts++;
        _hotDisks.Clear();
        bool fails = _random.Next(40) == 0;
        _runs = !fails;
        int level = _number % 500;
        string labels = string.Create(CultureInfo.InvariantCulture, $"vm-ctx=system_u:system_r:svirt_t:s0:c{level},c{level + 500} img-ctx=system_u:object_r:svirt_image_t:s0:c{level},c{level + 500} model=selinux");
        yield return new("VIRT_MACHINE_ID", $"virt=kvm {_guest} {labels}");
        yield return new("VIRT_MACHINE_ID", $"virt=kvm {_guest} vm-ctx=+107:+107 img-ctx=+107:+107 model=dac");
        yield return Resource("net", "open", $"net={Mac} path=\"/dev/net/tun\" rdev=0A:C8");
        yield return Resource("cgroup", "deny", $"cgroup={_cgroup} class=all");
        yield return Allow("/var/lib/libvirt/images/disk0.qcow2", "?");
        foreach ((string path, string device) in CommonDevices)
        {
            yield return Allow(path, device);
        }

        yield return Resource("cgroup", "allow", $"cgroup={_cgroup} class=major category=pty maj=88 acl=rw");
        for (int disk = 0; disk <= _number % 3; disk++)
        {
            yield return Resource("disk", "start", $"old-disk=\"?\" new-disk={Encode(DiskPath("disk", disk))}");
        }

        yield return Resource("net", "start", $"old-net=\"?\" new-net=\"{Mac}\"");
        yield return Resource("chardev", "start", string.Create(CultureInfo.InvariantCulture, $"old-chardev=\"?\" new-chardev=\"/dev/pts/{_number % 64}\""));
        yield return Resource("rng", "start", "old-rng=\"?\" new-rng=\"/dev/urandom\"");
        yield return Resource("mem", "start", string.Create(CultureInfo.InvariantCulture, $"old-mem=0 new-mem={(1 + (_number % 16)) * 1_048_576}"));
        yield return Resource("vcpu", "start", string.Create(CultureInfo.InvariantCulture, $"old-vcpu=0 new-vcpu={1 + (_number % 8)}"));
        yield return new("VIRT_CONTROL", string.Create(CultureInfo.InvariantCulture, $"virt=kvm op=start reason=booted {_guest} vm-pid={(fails ? 0 : ProcessId)}"), !fails);
    }

    private VirtMessage[] Stop()
    {
        _runs = false;
        return [new("VIRT_CONTROL", $"virt=kvm op=stop reason={StopReasons[_random.Next(StopReasons.Length)]} {_guest} vm-pid=0")];
    }

    private VirtMessage[] AttachDisk()
    {
        string path = DiskPath("hot", _random.Next(1000));
        _hotDisks.Add(path);
        return [Allow(path, "?"), Resource("disk", "attach", $"old-disk=\"?\" new-disk={Encode(path)}")];
    }

    private VirtMessage[] DetachDisk()
    {
        string path = _hotDisks[^1];
        _hotDisks.RemoveAt(_hotDisks.Count - 1);
        return [Resource("disk", "detach", $"old-disk={Encode(path)} new-disk=\"?\""), Resource("cgroup", "deny", $"cgroup={_cgroup} class=path path={Encode(path)} rdev=? acl=rwm")];
    }

    private string DiskPath(string role, int disk) => string.Create(CultureInfo.InvariantCulture, $"/var/lib/libvirt/images/{Uuid}/{role}{disk}.qcow2");

    private VirtMessage Allow(string path, string device) =>
        Resource("cgroup", "allow", $"cgroup={_cgroup} class=path path={Encode(path)} rdev={device} acl=rw");

    private VirtMessage Resource(string type, string reason, string values) =>
        new("VIRT_RESOURCE", $"virt=kvm resrc={type} reason={reason} {_guest} {values}");
}
