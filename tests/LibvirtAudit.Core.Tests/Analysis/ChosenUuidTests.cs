using System.Runtime.InteropServices;
using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Whoever makes guests chooses their UUIDs; none may be chosen so that guests are taken for one another, or cost more the more there are.</summary>
public sealed class ChosenUuidTests
{
    // With these eight bytes at their end all UUIDs had one hash, when its keys were known.
    [Fact]
    public void Guests_whose_UUIDs_share_their_end_have_different_hashes() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(i => RecordHash.OfGuest(new VirtAuditRecord { Uuid = new Guid(i, 0, 0, [0x93, 0xfd, 0x59, 0x66, 0xb8, 0xfe, 0xe8, 0xd6]) }, 0)).Distinct().Count());

    [Fact]
    public void Guests_whose_UUIDs_have_one_hash_in_the_runtime_have_different_ones_here()
    {
        Guid[] chosen = [.. Enumerable.Range(1, 1000).Select(i => MemoryMarshal.Cast<int, Guid>([i, i * 7919, 0, i ^ (i * 7919)])[0])];

        Assert.Single(chosen.Select(uuid => uuid.GetHashCode()).Distinct());
        Assert.True(chosen.Select(uuid => UuidComparer.Instance.GetHashCode(uuid)).Distinct().Count() > 990);
        Assert.True(chosen.Select(uuid => UuidComparer.Instance.GetHashCode(("web", uuid))).Distinct().Count() > 990);
        Assert.True(chosen.Select(uuid => new GuestKey(null, uuid, null).GetHashCode()).Distinct().Count() > 990);
        Assert.True(chosen.Select(uuid => new GuestKey("kvm1", uuid, null).GetHashCode()).Distinct().Count() > 990);
    }
}
