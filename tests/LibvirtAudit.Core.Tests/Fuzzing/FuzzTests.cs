using System.Globalization;
using LibvirtAudit.Fuzz;
using LibvirtAudit.Fuzz.Driving;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Fuzzing;

/// <summary>
/// The quick form of the fuzzing (docs/fuzzing.md): the same targets and properties, with inputs mutated by chance from fixed
/// numbers, and the inputs that the long form found.
/// </summary>
public sealed class FuzzTests
{
    private const int Executions = 2000;
    private const int FirstSeed = 20261122;

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    public static TheoryData<string, string> FoundOnce =>
        [.. Directory.EnumerateFiles(TestData.PathOf("fuzz"), "*", SearchOption.AllDirectories).Select(path => (Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileName(path)))];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutated_inputs_are_read_as_they_must_be(string target)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the guarded memory is Linux's");
        Generator.Run(FuzzTargets.Find(target)!, FirstSeed, Executions, (seed, input, exception) =>
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, input {Convert.ToHexString(input)}: {exception}")));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Real_inputs_are_read_as_they_must_be(string target)
    {
        byte[][] seeds = [.. FuzzTargets.Find(target)!().Seeds()];
        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => FuzzTargets.Find(target)!().Run(seed));
    }

    [Theory]
    [MemberData(nameof(FoundOnce))]
    public void What_was_found_once_is_found_no_more(string target, string file) =>
        FuzzTargets.Find(target)!().Run(TestData.Bytes(Path.Combine("fuzz", target, file)));

    [Fact]
    public void A_property_that_does_not_hold_is_noticed()
    {
        Assert.Throws<PropertyException>(() => Shown.Check("a text", "\u001b[2J"));
        Assert.Throws<PropertyException>(() => Shown.Check("a text", "a\u202eb"));
        Assert.Throws<PropertyException>(() => { long before = Allocation.Now; _ = new byte[1_000_000]; new Allocation().Check(before, 100); });
        Assert.NotNull(RecordEquality.Difference(new Records.VirtAuditRecord { VMName = "a" }, new Records.VirtAuditRecord { VMName = "b" }));
        Assert.NotNull(RecordEquality.Difference(new Records.VirtAuditRecord { OldValue = 1L }, new Records.VirtAuditRecord { OldValue = "1" }));
    }
}
