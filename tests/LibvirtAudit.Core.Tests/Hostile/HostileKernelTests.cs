using System.Globalization;
using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Differential;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Kernel;
using LibvirtAudit.Tests.Support;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Every hostile text in every open field of every body, written through the real kernel as the Write cmdlets do: refused
/// under its name with nothing sent, or in auditd's log as what was meant, for this project's reader and for libauparse.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class HostileKernelTests : OwnKernelAudit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_written_is_in_auditds_log_what_was_meant_or_was_refused_by_name()
    {
        var sent = new List<HostileCase>();
        var refused = new List<(HostileCase Item, FaultId Id)>();
        using (var writer = new AuditWriter(
            new KernelDestination(confirm: false, AuditClient.Open, warning => { }, Patience), SenderIdentity.OfThisProcess(), SenderTrailer.OfThisProcess(), new JournalLogger("/nonexistent", warning => { }), warning => { }))
        {
            foreach (HostileCase item in HostileCase.All)
            {
                try
                {
                    writer.Write([writer.Prepare(RecordOf(item), findDeviceNumber: false)], new LibvirtConfiguration(2, AuditLogging: false), TestContext.Current.CancellationToken);
                    sent.Add(item);
                }
                catch (FaultException exception)
                {
                    refused.Add((item, exception.Fault.Id));
                }
            }

            writer.Complete(TestContext.Current.CancellationToken);
        }

        List<byte[]> lines = await Lines(sent.Count);
        Assert.All(refused, refusal => Assert.Equal(FaultId.UnsafeFieldValue, refusal.Id));
        Assert.Equal(HostileCase.All.Where(IsUnsafe), refused.Select(refusal => refusal.Item));
        CollectingSink sink = CollectingSink.Read(lines);
        Assert.Empty(sink.Malformed);
        Assert.Equal(sent.Count, sink.Records.Count);
        AssertNone(sent.Zip(sink.Records, Problem));

        Assert.SkipUnless(Auparse.IsInstalled, "python3-audit is not installed");
        (HostileCase Item, byte[] Line)[] texts = [.. sent.Zip(lines).Where(pair => System.Text.Unicode.Utf8.IsValid(pair.Second) && (pair.First.IsEncoded || pair.First.Hostile.Text[0] != '\uEFEE'))];
        Assert.True(texts.Length > 3000, $"{texts.Length} lines");
        AssertNone(texts.Zip(Auparse.Read([.. texts.Select(pair => pair.Line)]), (pair, theirs) => ProblemOfTheirs(pair.Item, theirs)));
    }

    private static void AssertNone(IEnumerable<string?> problems)
    {
        string[] wrong = [.. problems.OfType<string>()];
        Assert.True(wrong.Length == 0, $"{wrong.Length}:\n" + string.Join('\n', wrong.Take(10)));
    }

    // What libvirt writes as it is, and would end the value or its line, or hide.
    private static bool IsUnsafe(HostileCase item) => !item.IsEncoded && item.Hostile.Text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'');

    // Of a bare value libauparse drops punctuation at its end, and TruthField can't show a control group called "?".
    private static bool IsShownOtherwise(HostileCase item) => (!item.IsEncoded && item.Hostile.Text.EndsWith(')')) || (item.Property == "Cgroup" && item.Hostile.Text == "?");

    // What a user would give: the properties of a plain record of the kind, and one that is hostile.
    private static VirtAuditRecord RecordOf(HostileCase item)
    {
        VirtAuditRecord record = CollectingSink.Read([Carrier.Line(item.Body.Type, item.Body.With("", []))]).Records.Single();
        typeof(VirtAuditRecord).GetProperty(item.Property)!.SetValue(record, item.Hostile.Text);
        return record;
    }

    // The sender is this process, and not libvirt's daemon.
    private static string? Problem(HostileCase item, VirtAuditRecord record)
    {
        Assert.Equal((Environment.ProcessId, Environment.ProcessPath), (record.ProcessId, record.Executable));
        (record.Executable, record.HostName, record.Terminal, record.Serial) = (Carrier.Executable, null, null, (ulong)item.Number);
        return item.Problem(record, item.Read(item.Hostile.Text));
    }

    private static string? ProblemOfTheirs(HostileCase item, TruthRecord? theirs)
    {
        if (theirs is null)
        {
            return $"{item}: no record";
        }

        string? resource = theirs.Fields.FirstOrDefault(field => field.Name == "resrc")?.Raw;
        string? Value(string name) => theirs.Fields.Where(field => field.Name == name).Select(field => field.Value(resource)).FirstOrDefault();
        string hostile = item.Property switch
        {
            "VMName" => "vm",
            "VMContext" => "vm-ctx",
            "ImageContext" => "img-ctx",
            "DevicePath" => "path",
            "HostDisk" => "disk",
            "HostChardev" => "chardev",
            "OldValue" => "old-" + resource,
            "NewValue" => "new-" + resource,
            _ => item.Property.ToLowerInvariant(),
        };
        (string What, string? Wanted, string? Found)[] facts =
        [
            (hostile, IsShownOtherwise(item) ? Value(hostile) : item.Read(item.Hostile.Text), Value(hostile)), ("vm", hostile == "vm" ? item.Hostile.Text : "plain", Value("vm")), ("uuid", LibvirtBody.Uuid, Value("uuid")),
            ("res", "success", Value("res")), ("exe", Environment.ProcessPath, Value("exe")), ("type", Carrier.TypeName(item.Body.Type), theirs.Type),
        ];
        (string What, string? Wanted, string? Found) odd = facts.FirstOrDefault(fact => fact.Wanted != fact.Found);
        return odd.What is null ? null : $"{item}: for libauparse {odd.What} is '{PrintableText.Escape(odd.Found)}', not '{PrintableText.Escape(odd.Wanted)}'";
    }

    // auditd writes in the order of the kernel, so behind the mark nothing of ours is missing.
    private async Task<List<byte[]>> Lines(int count)
    {
        string mark = "virtaudit-mark-" + Guid.NewGuid();
        Assert.Equal(0, (await ProgramRun.Of(["auditctl", "-m", mark])).ExitCode);
        byte[] own = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" pid={Environment.ProcessId} "));
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; Environment.TickCount64 < end; await Task.Delay(50))
        {
            byte[] log = await File.ReadAllBytesAsync(KernelGuard.LogIn(Folder.Path), TestContext.Current.CancellationToken);
            if (log.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(mark)) >= 0)
            {
                return [.. TestData.SplitLines(log).Where(line => line.AsSpan().StartsWith("type=VIRT_"u8) && line.AsSpan().IndexOf(own) > 0)];
            }
        }

        throw new TimeoutException($"the mark behind {count} records did not come into the log");
    }
}
