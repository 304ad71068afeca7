using System.Globalization;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Every hostile text in every open field of every body as an entry of a real journal, which systemd-journal-remote makes in a
/// file of its own, printed by the real journalctl: what is read of its output is what was meant, or nothing.
/// </summary>
public sealed class JournalctlTests : IDisposable
{
    private const string Remote = "/lib/systemd/systemd-journal-remote";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("export")]
    public void What_it_prints_whole_is_what_was_meant(string form)
    {
        CollectingSink sink = CollectingSink.Read(Journalctl(form));
        Assert.Empty(sink.Malformed);
        Assert.Equal(HostileCase.All.Select(item => (ulong?)item.Number), sink.Records.Select(record => record.Serial));
        AssertNone(HostileCase.All.Zip(sink.Records, (item, record) => item.Problem(record, item.Read(item.Hostile.Text))));
    }

    [Theory]
    [InlineData("short", true)]
    [InlineData("short", false)]
    [InlineData("short-iso", true)]
    [InlineData("short-iso", false)]
    public void What_it_prints_for_a_terminal_is_what_was_meant_where_it_prints_it(string form, bool all)
    {
        CollectingSink sink = CollectingSink.Read(Journalctl(form, all));

        // The numbers of the writers, which stand before each message: nothing that a value holds is a record of its own.
        Dictionary<int, VirtAuditRecord> records = sink.Records.ToDictionary(record => record.ProcessId!.Value);
        AssertNone(records.Select(read => HostileCase.All[read.Key - 1] is var item ? item.Problem(read.Value, all || item.IsEncoded || !IsGarbled(item) ? item.Read(item.Hostile.Text) : ValueOf(item, read.Value)) : null));

        HostileCase[] missing = [.. HostileCase.All.Where(item => !records.ContainsKey(item.Number))];
        if (all)
        {
            // It breaks a message at its line feeds, which leaves the beginning of a record.
            Assert.Equal(HostileCase.All.Where(item => !item.IsEncoded && item.Hostile.Text.Contains('\n', StringComparison.Ordinal)), missing);
            Assert.Equal(missing.Length, sink.Malformed.Count);
        }
        else
        {
            // It says '[203B blob data]' in place of a message with control characters, or takes them out; then only the rest of the record is looked at.
            Assert.NotEmpty(missing);
            Assert.All(missing, item => Assert.True(!item.IsEncoded && IsGarbled(item), item.ToString()));
        }

        Assert.All(sink.Malformed, line => Assert.Contains("was cut", line.Defect, StringComparison.Ordinal));
    }

    private static bool IsGarbled(HostileCase item) => item.Hostile.Text.Any(c => char.IsControl(c) || c is >= '\uEF80' and <= '\uEFFF');

    private static string? ValueOf(HostileCase item, VirtAuditRecord record) => (string?)typeof(VirtAuditRecord).GetProperty(item.Property)!.GetValue(record);

    private static void AssertNone(IEnumerable<string?> problems)
    {
        string[] wrong = [.. problems.OfType<string>()];
        Assert.True(wrong.Length == 0, $"{wrong.Length}:\n" + string.Join('\n', wrong.Take(10)));
    }

    private List<byte[]> Journalctl(string form, bool all = true)
    {
        Assert.SkipUnless(File.Exists(Remote), "systemd-journal-remote is not installed");
        string file = _folder.PathOf("hostile.journal");
        Tool.Run(Remote, ["--output=" + file, "-"], Entries());
        return TestData.SplitLines(Tool.Run("journalctl", ["--file=" + file, "--output=" + form, "--utc", "--no-pager", .. all ? ["--all"] : (string[])[]], environment: new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" }));
    }

    // As journald keeps what comes from the kernel's audit (journald-audit.c): the type's name and the text behind the stamp.
    private static byte[] Entries()
    {
        var entries = new List<byte>();
        foreach (HostileCase item in HostileCase.All)
        {
            (string, string)[] fields =
            [
                ("__REALTIME_TIMESTAMP", (1795359175823000 + item.Number).ToString(CultureInfo.InvariantCulture)), ("__MONOTONIC_TIMESTAMP", (1000000 + item.Number).ToString(CultureInfo.InvariantCulture)),
                ("_BOOT_ID", "0123456789abcdef0123456789abcdef"), ("_MACHINE_ID", "0123456789abcdef0123456789abcdee"), ("SYSLOG_IDENTIFIER", "audit"), ("_PID", item.Number.ToString(CultureInfo.InvariantCulture)),
                .. Carrier.Journal(item.Body.Type, item.Number),
            ];
            entries.AddRange(Carrier.Export([.. System.Text.Encoding.ASCII.GetBytes(Carrier.TypeName(item.Body.Type) + " "), .. Carrier.Payload(item.Bytes, item.Number)], fields));
        }

        return [.. entries];
    }
}
