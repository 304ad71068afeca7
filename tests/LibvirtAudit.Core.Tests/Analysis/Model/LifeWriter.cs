using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>Writes what the hosts of a life log, in the order of format.md §4.</summary>
internal sealed class LifeWriter(Random random)
{
    private long _stamp = 1_700_000_000_000;

    public List<LifeEntry> Log { get; } = [];

    public void Event(LifeHost host, int type)
    {
        // auditd's own records carry another sequence of serials.
        ulong serial = type is RecordTypes.DaemonStart or RecordTypes.DaemonEnd ? (ulong)(9000 + Log.Count) : host.NextSerial(random);
        Log.Add(new LifeEntry(null, new AuditEvent(type, "res=success"u8.ToArray()) { UnixMilliseconds = Tick(), Serial = serial, Node = host.Node }));
    }

    /// <summary>All that comes before a start: labels, cgroup, and what the guest is given.</summary>
    public void Prepare(LifeHost host, LifeGuest guest, int daemon)
    {
        guest.Disks.Clear();
        guest.Devices.Clear();
        Label(host, guest, daemon, "dac");
        if (random.Next(2) == 0)
        {
            Label(host, guest, daemon, "selinux");
        }

        Grant(host, guest, daemon, "deny", "all", null);
        for (int i = random.Next(3); i > 0; i--)
        {
            string disk = guest.NewDisk();
            Grant(host, guest, daemon, "allow", "path", disk);
            Value(host, guest, daemon, "disk", "start", null, disk);
        }

        Value(host, guest, daemon, "net", "start", null, "52:54:00:00:00:0" + guest.Number);
        if (random.Next(3) == 0)
        {
            Grant(host, guest, daemon, "allow", "path", "/dev/input/event1");
            Path(host, guest, daemon, "evdev", "start", "/dev/input/event1");
        }

        if (random.Next(3) == 0)
        {
            Device(host, guest, daemon, "start", guest.NewDevice());
        }

        guest.Memory = 1024;
        Value(host, guest, daemon, "mem", "start", 0L, guest.Memory);
        Value(host, guest, daemon, "vcpu", "start", 0L, 2L);
    }

    public void Start(LifeHost host, LifeGuest guest, int daemon, string reason, string result = "success") =>
        Add(host, guest, daemon, result, record =>
        {
            record.RecordTypeId = 2500;
            record.Operation = "start";
            record.Reason = reason;
            record.VMProcessId = result == "failed" ? 0 : host.NextProcess();
        });

    public void Stop(LifeHost host, LifeGuest guest, int daemon, string reason) => Add(host, guest, daemon, "success", record =>
    {
        record.RecordTypeId = 2500;
        record.Operation = "stop";
        record.Reason = reason;
        record.VMProcessId = 0;
    });

    public void Label(LifeHost host, LifeGuest guest, int daemon, string model) => Add(host, guest, daemon, "success", record =>
    {
        record.RecordTypeId = 2502;
        record.Model = model;
        record.VMContext = "+107:+107";
        record.ImageContext = "+107:+107";
    });

    public void Value(
        LifeHost host, LifeGuest guest, int daemon, string type, string reason, object? old, object? now, string? result = "success") =>
        Resource(host, guest, daemon, type, reason, result, record =>
        {
            record.OldValue = old;
            record.NewValue = now;
        });

    public void Device(LifeHost host, LifeGuest guest, int daemon, string reason, string device, string result = "success") =>
        Resource(host, guest, daemon, "dev", reason, result, record =>
        {
            record.Bus = "pci";
            record.Device = device;
        });

    public void Path(LifeHost host, LifeGuest guest, int daemon, string type, string reason, string path) =>
        Resource(host, guest, daemon, type, reason, "success", record => record.DevicePath = path);

    public void Grant(LifeHost host, LifeGuest guest, int daemon, string reason, string kind, string? path) =>
        Resource(host, guest, daemon, "cgroup", reason, "success", record =>
        {
            record.Cgroup = "/machine/g";
            record.CgroupClass = kind;
            record.DevicePath = path;
            record.Access = path is null ? null : "rw";
        });

    private void Resource(
        LifeHost host, LifeGuest guest, int daemon, string type, string reason, string? result, Action<VirtAuditRecord> fill) =>
        Add(host, guest, daemon, result, record =>
        {
            record.RecordTypeId = 2501;
            record.ResourceType = type;
            record.Reason = reason;
            fill(record);
        });

    private void Add(LifeHost host, LifeGuest guest, int daemon, string? result, Action<VirtAuditRecord> fill)
    {
        var record = new VirtAuditRecord
        {
            Node = host.Node, ProcessId = daemon, Driver = "kvm", VMName = guest.Name, Uuid = guest.Uuid, Result = result,
        };
        record.SetEvent(Tick(), host.NextSerial(random));
        fill(record);
        record.RecordType = record.RecordTypeId switch { 2500 => "VIRT_CONTROL", 2501 => "VIRT_RESOURCE", _ => "VIRT_MACHINE_ID" };
        Log.Add(new LifeEntry(record, null));
    }

    private long Tick() => _stamp += random.Next(3) == 0 ? 0 : random.Next(4000);
}

/// <summary>A host: its daemon, its boot's serials.</summary>
internal sealed class LifeHost(string? node)
{
    private ulong _serial = 100;
    private long _process = 2000;

    public string? Node { get; } = node;

    public int Daemon { get; set; } = 800;

    public bool IsAuditdDown { get; set; }

    public ulong NextSerial(Random random) => _serial += 1 + (ulong)random.Next(3);

    public long NextProcess() => _process += 3;

    public void Boot()
    {
        _serial = 5;
        Daemon = 700 + (Daemon % 90);
    }
}

/// <summary>A guest: where it runs, and what it has.</summary>
internal sealed class LifeGuest(int number)
{
    private int _made;

    public int Number { get; } = number;

    public string Name { get; } = "g" + number;

    public Guid Uuid { get; } = new(number, 7, 7, new byte[8]);

    /// <summary>Where it runs; null while it doesn't.</summary>
    public LifeHost? Host { get; set; }

    public List<string> Disks { get; } = [];

    public List<string> Devices { get; } = [];

    public long Memory { get; set; }

    public string NewDisk()
    {
        Disks.Add($"/img/{Name}-{++_made}");
        return Disks[^1];
    }

    public string NewDevice()
    {
        Devices.Add($"0000:00:{++_made:x2}.0");
        return Devices[^1];
    }
}
