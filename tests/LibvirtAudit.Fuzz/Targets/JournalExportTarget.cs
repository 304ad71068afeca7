using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The export form of the journal: the one whose records span lines and hold lengths.</summary>
internal sealed class JournalExportTarget : TextTarget
{
    public override int LongestInput => 4096;

    public override IReadOnlyList<string> Words =>
    [
        .. base.Words, "__CURSOR=a\n", "_TRANSPORT=audit\n", "_AUDIT_TYPE=2500\n", "_AUDIT_ID=1\n", "_SOURCE_REALTIME_TIMESTAMP=1795360115435000\n", "MESSAGE=", "MESSAGE\n", "_HOSTNAME=a\n", "_PID=1\n",
        "\u0001\0\0\0\0\0\0\0", "\u0005\0\0\0\0\0\0\0", "\0\0\u0010\0\0\0\0\0", "\n\n",
    ];

    public override IEnumerable<byte[]> Seeds() => TestData.Paragraphs("carriers.journal-export.txt", 120);
}
