using LibvirtAudit.Encoding;
using LibvirtAudit.Fuzz.Differential;

namespace LibvirtAudit.Tests.Fuzzing;

/// <summary>Mutated lines against libauparse: the quick form of 'compare' (docs/fuzzing.md).</summary>
public sealed class AuparseTests
{
    private const int Seed = 20261122;
    private const int Lines = 3000;

    [Fact]
    public void Every_difference_of_mutated_lines_from_libauparse_has_a_known_reason()
    {
        Assert.SkipUnless(Auparse.IsInstalled, "python3-audit is not installed");
        var comparison = new Comparison();
        List<byte[]> lines = MutatedLines.Of(Seed, Lines);
        var unexplained = new List<string>();
        int alike = 0;
        foreach ((byte[] line, TruthRecord? theirs) in lines.Zip(Auparse.Read(lines)))
        {
            List<Difference> differences = comparison.Compare(line, theirs);
            alike += differences.Count == 0 && theirs is not null ? 1 : 0;
            unexplained.AddRange(differences.Where(difference => KnownDifferences.Reason(line, difference, comparison, theirs) is null).Select(difference => difference + " of " + ByteText.GetString(line)));
        }

        Assert.Empty(unexplained);
        Assert.InRange(alike, Lines / 5, Lines);
    }

    [Fact]
    public void A_reading_of_another_line_is_no_known_difference()
    {
        Assert.SkipUnless(Auparse.IsInstalled, "python3-audit is not installed");
        byte[] line = "type=VIRT_CONTROL msg=audit(1.000:1): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=qemu op=start reason=booted vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'"u8.ToArray();
        byte[] other = [.. line];
        other[other.AsSpan().IndexOf("\"a\""u8) + 1] = (byte)'b';
        var comparison = new Comparison();
        TruthRecord? theirs = Assert.Single(Auparse.Read([other]));
        Difference difference = Assert.Single(comparison.Compare(line, theirs));
        Assert.Equal("vm", difference.Field);
        Assert.Null(KnownDifferences.Reason(line, difference, comparison, theirs));
    }
}
