using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The output of ausearch -i: quotes taken away, ids by name, a date of the locale.</summary>
internal sealed class AusearchInterpretedTarget : TextTarget
{
    public override IReadOnlyList<string> Words => [.. base.Words, "msg=audit(11/22/26 14:52:55.823:2047) : ", "uid=root ", "auid=unset ", "uid=unknown(1002) "];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("carriers.ausearch-i.txt", "type=").Concat(TestData.Groups("carriers.ausearch-i.txt", 4, 10));
}
