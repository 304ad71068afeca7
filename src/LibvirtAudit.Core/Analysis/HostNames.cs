using System.Net;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Tells which names are of one host: names that differ in case only, and a short name and the one full name that begins with it
/// (<c>kvm1</c>, <c>kvm1.example.com</c>). Everything that is kept by host is kept by the identity that is given here.
/// </summary>
/// <remarks>
/// <para>Two full names are two hosts, whatever they begin with. A short name that begins both may be of either: from the
/// second on it is a host of its own, since events of one host that are taken for another's end sessions that go on.
/// What came before stays where it was.</para>
/// <para>An address is no short name and no full one. Names grow with the hosts, not with the log.</para>
/// </remarks>
internal sealed class HostNames
{
    private readonly Dictionary<string, string> _identities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By short name.</summary>
    private readonly Dictionary<string, Family> _families = new(StringComparer.OrdinalIgnoreCase);
    private string? _latestName;
    private string? _latest;

    /// <summary>
    /// The identity of the host of that name, to be compared and never to be shown; null where the record names no host.
    /// Most records are of the host of the one before.
    /// </summary>
    internal string? Of(string? name)
    {
        // An identity changes only while another name is looked up.
        if (name is null || name == _latestName)
        {
            return name is null ? null : _latest;
        }

        string plain = name.TrimEnd('.');
        if (!_identities.TryGetValue(plain, out string? identity))
        {
            identity = Add(plain);
            _identities.Add(plain, identity);
        }

        _latestName = name;
        return _latest = identity;
    }

    private string Add(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot == 0 || ((dot > 0 || name.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(name, out _)))
        {
            return name;
        }

        string shortName = dot < 0 ? name : name[..dot];
        if (!_families.TryGetValue(shortName, out Family? family))
        {
            _families.Add(shortName, new Family(name) { HasFullName = dot > 0 });
            return name;
        }

        if (dot < 0)
        {
            return family.IsShared ? Apart(shortName) : family.Identity;
        }

        if (!family.HasFullName)
        {
            family.HasFullName = true;
            return family.Identity;
        }

        if (!family.IsShared)
        {
            family.IsShared = true;
            if (_identities.ContainsKey(shortName))
            {
                _identities[shortName] = Apart(shortName);
            }
        }

        return name;
    }

    /// <summary>The identity of a short name that is of no full one: no other ends with a dot.</summary>
    private static string Apart(string shortName) => shortName + ".";

    /// <summary>The names that begin with one short name.</summary>
    /// <param name="identity">That of the first full name, and of the short one while there is no other.</param>
    private sealed class Family(string identity)
    {
        internal string Identity { get; } = identity;

        internal bool HasFullName { get; set; }

        /// <summary>Whether a second full name was seen.</summary>
        internal bool IsShared { get; set; }
    }
}
