using System.Runtime.InteropServices;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>The guests, hosts and UUIDs of which records were seen.</summary>
internal sealed class GuestIndex(HostNames hosts)
{
    private readonly Dictionary<GuestKey, Guest> _guests = [];
    private readonly Dictionary<string, NodeState> _nodes = [];
    private readonly Dictionary<Guid, UuidState> _uuids = new(UuidComparer.Instance);
    private readonly NodeState _unnamedNode = new();

    /// <summary>By host and name; a null guest where several have one name. Made when the first guest is looked up by its name.</summary>
    private Dictionary<HostText, Guest?>? _names;
    private Guest? _latest;

    internal IEnumerable<Guest> Guests => _guests.Values;

    internal IEnumerable<NodeState> Nodes => _nodes.Values.Append(_unnamedNode);

    /// <summary>What is remembered of a guest; null where none of its records was seen.</summary>
    internal Guest? Find(GuestKey key) => _guests.GetValueOrDefault(key);

    /// <summary>Whether a record of that UUID was seen, of whatever host.</summary>
    internal bool Knows(Guid uuid) => _uuids.ContainsKey(uuid);

    /// <summary>The only guest of that name on the host; null where there is none or more than one.</summary>
    internal Guest? Find(string? host, string name)
    {
        if (_names is null)
        {
            _names = [];
            foreach (Guest guest in _guests.Values)
            {
                AddName(guest);
            }
        }

        return _names.GetValueOrDefault(new HostText(host, name));
    }

    /// <summary>The guest of a record that names one; most are of the same guest as the one before.</summary>
    internal Guest Of(VirtAuditRecord record)
    {
        string? host = HostOf(record.Node);
        if (_latest is Guest latest && latest.Key.IsOf(record, host))
        {
            return latest;
        }

        GuestKey key = GuestKey.Of(record, host)!.Value;
        ref Guest? guest = ref CollectionsMarshal.GetValueRefOrAddDefault(_guests, key, out _);
        if (guest is null)
        {
            guest = new Guest(key, record.VMName, record.Node, NodeOf(record.Node), key.Uuid is Guid uuid ? UuidOf(uuid) : null);
            guest.Node.HasRecords = true;
            if (_names is not null)
            {
                AddName(guest);
            }
        }

        return _latest = guest;
    }

    /// <summary>The identity of the host of that name; null of none.</summary>
    internal string? HostOf(string? name) => hosts.Of(name);

    /// <summary>What is remembered of the host of that name.</summary>
    internal NodeState NodeOf(string? name)
    {
        if (HostOf(name) is not string host)
        {
            return _unnamedNode;
        }

        if (!_nodes.TryGetValue(host, out NodeState? node))
        {
            _nodes.Add(host, node = new NodeState());
        }

        return node;
    }

    private UuidState UuidOf(Guid uuid)
    {
        if (!_uuids.TryGetValue(uuid, out UuidState? state))
        {
            _uuids.Add(uuid, state = new UuidState());
        }

        return state;
    }

    private void AddName(Guest guest)
    {
        if (guest.Name is string name)
        {
            var key = new HostText(guest.Key.Host, name);
            ref Guest? named = ref CollectionsMarshal.GetValueRefOrAddDefault(_names!, key, out bool isShared);
            named = isShared ? null : guest;
        }
    }
}
