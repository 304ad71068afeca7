using LibvirtAudit.Audit;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>
/// Lives of guests on one to three hosts, at random: starts, stops, hot-plugging, migrations, failures, daemons and hosts
/// that go down.
/// </summary>
internal sealed class Lives
{
    private static readonly string[] StopReasons = ["shutdown", "destroyed", "failed", "crashed", "saved", "shutdown", "unheard-of"];
    private readonly Random _random;
    private readonly LifeWriter _writer;
    private readonly LifeHost[] _hosts;
    private readonly LifeGuest[] _guests;

    private Lives(int seed)
    {
        _random = new Random(seed);
        _writer = new LifeWriter(_random);
        int hosts = 1 + _random.Next(3);
        _hosts = [.. Enumerable.Range(1, hosts).Select(i => new LifeHost(hosts == 1 && _random.Next(2) == 0 ? null : "h" + i))];
        _guests = [.. Enumerable.Range(1, 1 + _random.Next(3)).Select(i => new LifeGuest(i))];
    }

    /// <summary>What was logged of the lives.</summary>
    public static List<LifeEntry> Log(int seed)
    {
        var lives = new Lives(seed);
        for (int i = 10 + lives._random.Next(60); i > 0; i--)
        {
            lives.Step();
        }

        return lives._writer.Log;
    }

    /// <summary>The same without some of its records.</summary>
    public static List<LifeEntry> WithLosses(List<LifeEntry> log, Random random)
    {
        List<LifeEntry> left = [.. log];
        for (int i = 1 + random.Next(3); i > 0 && left.Count > 0; i--)
        {
            left.RemoveAt(random.Next(left.Count));
        }

        return left;
    }

    /// <summary>The same, rotated copies of which overlap, or twice.</summary>
    public static List<LifeEntry> WithRepeats(List<LifeEntry> log, Random random)
    {
        int end = random.Next(log.Count + 1), start = random.Next(end + 1);
        return random.Next(3) == 0 ? [.. log, .. log] : [.. log[..end], .. log[start..]];
    }

    private void Step()
    {
        LifeGuest guest = _guests[_random.Next(_guests.Length)];
        LifeHost host = guest.Host ?? _hosts[_random.Next(_hosts.Length)];
        if (_random.Next(12) == 0)
        {
            Disturb(host);
        }
        else if (guest.Host is null)
        {
            Begin(host, guest);
        }
        else if (_random.Next(3) == 0)
        {
            End(host, guest);
        }
        else
        {
            Change(host, guest);
        }
    }

    private void Begin(LifeHost host, LifeGuest guest)
    {
        bool failed = _random.Next(5) == 0;
        _writer.Prepare(host, guest, host.Daemon);
        _writer.Start(host, guest, host.Daemon, _random.Next(4) == 0 ? "restored" : "booted", failed ? "failed" : "success");
        guest.Host = failed ? null : host;
    }

    private void End(LifeHost host, LifeGuest guest)
    {
        LifeHost other = _hosts[_random.Next(_hosts.Length)];
        switch (_random.Next(8))
        {
            case 0:
                _writer.Stop(host, guest, host.Daemon, "from-snapshot");
                _writer.Prepare(host, guest, host.Daemon);
                _writer.Start(host, guest, host.Daemon, "from-snapshot");
                break;
            case 1 when other != host:
                // A migration: the destination's start comes before the source's stop.
                _writer.Prepare(other, guest, other.Daemon);
                _writer.Start(other, guest, other.Daemon, "migrated");
                _writer.Stop(host, guest, host.Daemon, "migrated");
                guest.Host = other;
                break;
            case 2 when other != host:
                List<string> disks = [.. guest.Disks], devices = [.. guest.Devices];
                long memory = guest.Memory;
                _writer.Prepare(other, guest, other.Daemon);
                bool cancelled = _random.Next(2) == 0;
                _writer.Start(other, guest, other.Daemon, "migrated", cancelled ? "success" : "failed");
                if (cancelled)
                {
                    _writer.Stop(other, guest, other.Daemon, "failed");
                }

                guest.Disks.Clear();
                guest.Disks.AddRange(disks);
                guest.Devices.Clear();
                guest.Devices.AddRange(devices);
                guest.Memory = memory;
                break;
            case 3:
                // It dies while the daemon is down: nothing is logged.
                host.Daemon += 10;
                guest.Host = null;
                break;
            default:
                _writer.Stop(host, guest, host.Daemon, StopReasons[_random.Next(StopReasons.Length)]);
                guest.Host = null;
                break;
        }
    }

    private void Change(LifeHost host, LifeGuest guest)
    {
        string? disk = guest.Disks.Count > 0 ? guest.Disks[_random.Next(guest.Disks.Count)] : null;
        switch (_random.Next(12))
        {
            case 0 when disk is not null:
                _writer.Value(host, guest, host.Daemon, "disk", "detach", disk, null);
                guest.Disks.Remove(disk);
                break;
            case 1 when disk is not null:
                guest.Disks.Remove(disk);
                _writer.Value(host, guest, host.Daemon, "disk", _random.Next(2) == 0 ? "update" : "snapshot", disk, guest.NewDisk());
                break;
            case 2 when disk is not null:
                _writer.Value(host, guest, host.Daemon, "disk", "mirror", null, disk + "-copy");
                break;
            case 3 when disk is not null:
                // One file twice, as two filesystems of one source are.
                _writer.Value(host, guest, host.Daemon, "disk", "attach", null, disk);
                guest.Disks.Add(disk);
                break;
            case 4:
                _writer.Value(host, guest, host.Daemon, "mem", "update", guest.Memory, guest.Memory *= 2);
                break;
            case 5:
                _writer.Value(host, guest, host.Daemon, "disk", "attach", null, "/img/denied", "failed");
                break;
            case 6 when disk is not null:
                _writer.Value(host, guest, host.Daemon, "disk", "update", disk, disk + "-unknown", result: null);
                break;
            case 7:
                _writer.Grant(host, guest, host.Daemon, "allow", "path", "/dev/input/event1");
                _writer.Path(host, guest, host.Daemon, "evdev", "attach", "/dev/input/event1");
                break;
            case 8:
                _writer.Grant(host, guest, host.Daemon, "deny", "path", "/dev/input/event1");
                break;
            case 9 when guest.Devices.Count > 0:
                _writer.Device(host, guest, host.Daemon, "detach", guest.Devices[0], _random.Next(3) == 0 ? "failed" : "success");
                guest.Devices.RemoveAt(0);
                break;
            case 10:
                // It has it and the log never said so: hot-attached by a daemon that does not audit it.
                _writer.Value(host, guest, host.Daemon, "rng", "detach", "/dev/hwrng", null);
                break;
            default:
                _writer.Value(host, guest, host.Daemon, "disk", "attach", null, guest.NewDisk());
                break;
        }
    }

    private void Disturb(LifeHost host)
    {
        switch (_random.Next(5))
        {
            case 0:
                foreach (LifeGuest guest in _guests.Where(guest => guest.Host == host))
                {
                    guest.Host = null;
                }

                host.Boot();
                if (_random.Next(4) > 0)
                {
                    _writer.Event(host, RecordTypes.SystemBoot);
                }

                break;
            case 1:
                foreach (LifeGuest guest in _guests.Where(guest => guest.Host == host))
                {
                    _writer.Stop(host, guest, host.Daemon, "shutdown");
                    guest.Host = null;
                }

                _writer.Event(host, RecordTypes.SystemShutdown);
                host.Boot();
                _writer.Event(host, RecordTypes.SystemBoot);
                break;
            case 2:
                _writer.Event(host, RecordTypes.DaemonEnd);
                _writer.Event(host, RecordTypes.DaemonStart);
                break;
            default:
                host.Daemon += 10;
                break;
        }
    }
}
