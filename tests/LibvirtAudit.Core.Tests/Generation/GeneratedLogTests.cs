using System.Text.Json;
using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Generation;

/// <summary>That the logs which the benchmarks make are what libvirt and auditd write, and hold what the generator says.</summary>
public sealed class GeneratedLogTests
{
    private const string Auparse = """
        import auparse, json, sys
        log = auparse.AuParser(auparse.AUSOURCE_FILE, sys.argv[1])
        while log.parse_next_event():
            while True:
                if 2500 <= log.get_type() <= 2599:
                    fields = {}
                    while True:
                        fields[log.get_field_name()] = log.interpret_field()
                        if not log.next_field():
                            break
                    print(json.dumps([str(log.get_type()), fields["vm"], fields["uuid"], fields.get("resrc", fields.get("op", fields.get("model"))), fields["res"]]))
                if not log.next_record():
                    break
        """;

    public static TheoryData<string> Kinds => [.. LogRecipe.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_log_holds_what_the_generator_counted(string kind)
    {
        (byte[] log, LogFacts facts) = Make(kind);
        List<byte[]> lines = Lines(log);

        Assert.Equal(log.Length, facts.Bytes);
        Assert.Equal(lines.Count, facts.Lines);
        Assert.InRange((double)facts.Records / facts.Lines, LogRecipe.Kinds[kind].Share * 0.9, LogRecipe.Kinds[kind].Share * 1.3);
        Assert.Equal(facts.Records, Count(lines, RecordFilter.All));
        Assert.Equal(facts.Unnamed, Count(lines, new RecordFilter { RecordType = [new TextPattern(type => type.StartsWith("UNKNOWN", StringComparison.Ordinal))] }));
        Assert.Equal(facts.GuestRecords, Count(lines, new RecordFilter { VMName = [TextPattern.Exactly(facts.GuestName)] }));
        Assert.Equal(facts.GuestRecords, Count(lines, new RecordFilter { Uuid = [TextPattern.Exactly(facts.GuestUuid)] }));
        Assert.Equal(facts.HourRecords, Count(lines, new RecordFilter { From = facts.HourFrom, To = facts.HourTo }));
        Assert.Equal(facts.Stops, Count(lines, new RecordFilter { Operation = [TextPattern.Exactly("stop")] }));
        Assert.Equal(facts.Starts, Count(lines, new RecordFilter { Operation = [TextPattern.Exactly("start")], Result = [TextPattern.Exactly("success")] }));
    }

    /// <summary>The generator writes libvirt's texts out by hand; the encoder makes them from the grammar.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_record_of_a_log_is_encoded_to_the_line_that_it_was_read_from(string kind)
    {
        var writer = new RecordWriter();
        byte[][] lines = [.. Lines(Make(kind).Log).Where(line => line.AsSpan().IndexOf("type=VIRT_"u8) >= 0)];

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(ByteText.GetString(line), ByteText.GetString(writer.GetLine(Assert.Single(CollectingSink.Read([line]).Records)))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Libauparse_makes_of_a_log_what_we_do(string kind)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && Directory.GetFiles("/usr/lib/python3/dist-packages", "auparse*").Length > 0, "python3-audit is not installed");
        using var folder = new TempFolder();
        byte[] log = Make(kind).Log;

        byte[] output = Tool.Run(Python, ["-c", Auparse, folder.Write("generated.log", log)]);

        string[] theirs = [.. TestData.SplitLines(output).Select(line => string.Join(' ', JsonSerializer.Deserialize<string[]>(line)!))];
        string[] ours = [.. CollectingSink.Read(Lines(log)).Records.Select(Summary)];
        Assert.NotEmpty(ours);
        Assert.Equal(ours.Order(StringComparer.Ordinal), theirs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Equal_recipes_make_equal_logs_and_another_seed_another()
    {
        LogRecipe recipe = LogRecipe.Kinds["disordered"] with { Bytes = 200_000 };

        Assert.Equal(Make(recipe).Log, Make(recipe).Log);
        Assert.NotEqual(Make(recipe).Log, Make(recipe with { Seed = 2 }).Log);
    }

    private static string Summary(VirtAuditRecord record) =>
        string.Join(' ', record.RecordTypeId, record.VMName, record.Uuid, record.ResourceType ?? record.Operation ?? record.Model, record.Result);

    private static int Count(List<byte[]> lines, RecordFilter filter) => CollectingSink.Read(lines, new ReadOptions(filter)).Records.Count;

    private static List<byte[]> Lines(byte[] log)
    {
        Assert.Equal((byte)'\n', log[^1]);
        return TestData.SplitLines(log[..^1]);
    }

    private static (byte[] Log, LogFacts Facts) Make(string kind) => Make(LogRecipe.Kinds[kind] with { Bytes = 3_000_000 });

    private static (byte[] Log, LogFacts Facts) Make(LogRecipe recipe)
    {
        var stream = new MemoryStream();
        LogFacts facts = LogGenerator.Write(recipe, TestData.PathOf("qemu-enriched.log"), stream);
        return (stream.ToArray(), facts);
    }
}
