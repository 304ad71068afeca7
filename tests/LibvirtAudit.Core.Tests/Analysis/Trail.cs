using System.Globalization;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Writes a log line by line, in the shapes of format.md §3. Stamps are a second apart unless told otherwise.</summary>
internal sealed class Trail
{
    public const string Uuid = "11111111-1111-4111-8111-111111111111";
    private readonly List<string> _lines = [];
    private long _stamp = 1_700_000_000_000;
    private ulong _serial = 100;

    public string[] Lines => [.. _lines];

    /// <summary>The event of the line that was written last.</summary>
    public string Last { get; private set; } = "";

    public string Node { get; set; } = "";

    public Trail Start(string name = "web01", string? uuid = Uuid, int daemon = 1, int vmPid = 500, string reason = "booted", string result = "success") =>
        Virt("CONTROL", daemon, $"virt=kvm op=start reason={reason} {Guest(name, uuid)} vm-pid={vmPid}", result);

    public Trail Stop(string reason = "shutdown", string name = "web01", string? uuid = Uuid, int daemon = 1) =>
        Virt("CONTROL", daemon, $"virt=kvm op=stop reason={reason} {Guest(name, uuid)} vm-pid=0", "success");

    public Trail Label(string label, string model = "selinux", string name = "web01", string? uuid = Uuid, int daemon = 1) =>
        Virt("MACHINE_ID", daemon, $"virt=kvm {Guest(name, uuid)} vm-ctx={label} img-ctx=? model={model}", "success");

    public Trail Resource(string type, string reason, string values, string name = "web01", string? uuid = Uuid, int daemon = 1, string result = "success") =>
        Virt("RESOURCE", daemon, $"virt=kvm resrc={type} reason={reason} {Guest(name, uuid)} {values}", result);

    public Trail Disk(string reason, string? before, string? after, string result = "success", int daemon = 1, string name = "web01", string? uuid = Uuid) =>
        Resource("disk", reason, $"old-disk=\"{before ?? "?"}\" new-disk=\"{after ?? "?"}\"", name, uuid, daemon, result);

    public Trail Grant(string reason, string values, string result = "success", int daemon = 1) => Resource("cgroup", reason, "cgroup=\"/machine/g\" " + values, daemon: daemon, result: result);

    public Trail Event(string type, string fields) => Add($"type={type} msg=audit({Stamp()}): {fields}");

    /// <summary>A record of auditd's own, which carries another sequence of serials.</summary>
    public Trail Daemon(string type, string fields = "op=x auid=0 pid=1 res=success")
    {
        Last = string.Create(CultureInfo.InvariantCulture, $"{++_stamp / 1000}.{_stamp % 1000:000}:{7000 + _lines.Count}");
        return Add($"type=DAEMON_{type} msg=audit({Last}): {fields}");
    }

    /// <summary>Goes on on another host.</summary>
    public Trail On(string node)
    {
        Node = node;
        return this;
    }

    /// <summary>A line as it is.</summary>
    public Trail Raw(string line)
    {
        _lines.Add(line);
        return this;
    }

    public Trail Step(long milliseconds)
    {
        _stamp += milliseconds;
        return this;
    }

    public Trail Reboot()
    {
        _serial = 10;
        return this;
    }

    private static string Guest(string name, string? uuid) => $"vm=\"{name}\"" + (uuid is null ? "" : " uuid=" + uuid);

    private Trail Virt(string type, int daemon, string body, string result) => Add(
        $"type=VIRT_{type} msg=audit({Stamp()}): pid={daemon} uid=0 auid=4294967295 ses=4294967295 msg='{body} exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res={result}'");

    private string Stamp()
    {
        _stamp += 1000;
        _serial++;
        return Last = string.Create(CultureInfo.InvariantCulture, $"{_stamp / 1000}.{_stamp % 1000:000}:{_serial}");
    }

    private Trail Add(string line)
    {
        _lines.Add((Node.Length == 0 ? "" : $"node={Node} ") + line);
        return this;
    }
}
