using System.Globalization;
using System.Text.Json;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>The same record twice counts once: a log given twice, overlapping rotated copies; and nothing else is dropped.</summary>
public sealed class RepeatTests
{
    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("qemu-fakehw-enriched.log")]
    [InlineData("umsg-enriched.log")]
    [InlineData("selinux-incidents.log")]
    public void A_log_given_twice_counts_once(string file)
    {
        Analysed once = Analysed.Files(file);
        Analysed twice = Analysed.Files(file, file);

        Assert.Equal(0, once.Repeats);
        Assert.Equal(Told(once), Told(twice));
    }

    [Theory]
    [InlineData(0, 900, 400)]
    [InlineData(300, 1300, 1299)]
    [InlineData(0, 1784, 1000)]
    public void Overlapping_rotated_copies_count_once(int firstEnd, int secondEnd, int secondStart)
    {
        List<byte[]> lines = TestData.Lines("qemu-enriched.log");
        firstEnd = Math.Max(firstEnd, secondStart + 200);
        byte[][] overlapping = [.. lines[..Math.Min(firstEnd, lines.Count)], .. lines[secondStart..secondEnd], .. lines[Math.Min(secondStart + 50, secondEnd)..]];

        Assert.Equal(Told(Analysed.Lines(lines)), Told(Analysed.Lines(overlapping)));
    }

    [Fact]
    public void Extracts_of_one_log_by_guest_are_not_taken_for_repeats()
    {
        List<byte[]> lines = TestData.Lines("qemu-enriched.log");
        byte[][] plain = [.. lines.Where(line => line.AsSpan().IndexOf("\"lab-plain\""u8) >= 0)];
        byte[][] others = [.. lines.Where(line => line.AsSpan().IndexOf("VIRT_"u8) >= 0 && line.AsSpan().IndexOf("\"lab-plain\""u8) < 0)];

        Assert.Equal(85, Analysed.Lines([.. plain, .. others]).Sessions.Count);
        Assert.Equal(85, Analysed.Lines([.. plain, .. others], window: 64).Sessions.Count);
    }

    [Fact]
    public void Equal_bodies_of_one_moment_are_not_repeats()
    {
        const string Body = "2026-11-22 14:52:55.865+0000: 5436: info : virDomainAuditRedirdev:318 : success=yes virt=qemu resrc=dev reason=start vm=\"a\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 bus=usb device=555342207265646972646576";

        Assert.Equal(2, Analysed.Text(Body, Body).Assignments.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3_600_000)]
    public void A_long_log_given_twice_counts_once(long clockStep)
    {
        VirtAuditRecord[] log = [.. Log(20_000, guests: 7, clockStep)];
        Analysed once = Analysed.Records(log);
        Analysed twice = Analysed.Records([.. log, .. log]);

        Assert.Equal((0, log.Length, 0), (once.Repeats, twice.Repeats, twice.PossibleRepeats));
        Assert.Equal(Told(once), Told(twice));
    }

    /// <summary>Of 20,000 records 8,192 can be remembered: the rest count again, and it is said of how many that can't be known.</summary>
    [Fact]
    public void What_is_forgotten_counts_again_and_is_said()
    {
        VirtAuditRecord[] log = [.. Log(20_000, guests: 7, 0)];
        Analysed once = Analysed.Records(log, window: 8192);
        Analysed twice = Analysed.Records([.. log, .. log], window: 8192);

        Assert.Equal((0, 0), (once.Repeats, once.PossibleRepeats));
        Assert.InRange(twice.Repeats, 4096, 8192);
        Assert.Equal(log.Length, twice.Repeats + twice.PossibleRepeats);
        Assert.Equal(twice.PossibleRepeats, twice.Forgotten);
    }

    /// <summary>Three boots whose serials begin anew, the clock of the second set back into the first: no record of one is taken for another's.</summary>
    [Fact]
    public void Boots_with_the_same_serials_are_told_apart()
    {
        VirtAuditRecord[] first = [.. Log(3000, guests: 3, 0, stamp: 1_700_000_000_000)];
        VirtAuditRecord[] second = [.. Log(3000, guests: 3, 0, stamp: 1_700_000_000_000 + 90_000_000, serial: 20)];
        VirtAuditRecord[] third = [.. Log(3000, guests: 3, 0, stamp: 1_800_000_000_000, serial: 5)];
        Analysed analysed = Analysed.Records([.. first, .. second, .. third]);
        Analysed repeated = Analysed.Records([.. first, .. second, .. third, .. second, .. first]);

        Assert.Equal(0, analysed.Repeats);
        Assert.Equal((6000, 0), (repeated.Repeats, repeated.PossibleRepeats));
    }

    [Fact]
    public void Nothing_new_is_dropped_from_a_log_without_order()
    {
        VirtAuditRecord[] log = [.. Log(5000, guests: 3, 0)];
        new Random(4).Shuffle(log);

        Assert.Equal(0, Analysed.Records(log, window: 100).Repeats);
    }

    /// <summary>An older log that is read after a newer one, as a wildcard over rotated logs gives them.</summary>
    [Fact]
    public void An_older_log_read_later_is_not_taken_for_a_repeat()
    {
        VirtAuditRecord[] log = [.. Log(6000, guests: 3, 0)];

        Analysed analysed = Analysed.Records([.. log[3000..], .. log[..3000]], window: 100);

        Assert.Equal((0, 0), (analysed.Repeats, analysed.PossibleRepeats));
    }

    /// <summary>Two extracts of one log, as <c>ausearch -m</c> makes them, 450,000 records together: every one is new.</summary>
    [Fact]
    public void Extracts_of_a_long_log_by_type_are_not_taken_for_repeats()
    {
        VirtAuditRecord[] log = [.. Log(450_000, guests: 40, 0)];
        for (int i = 0; i < log.Length; i++)
        {
            // Two records of one guest's life for one of its resources.
            log[i].RecordTypeId = i % 3 == 2 ? 2501 : 2500;
        }

        ILookup<int?, VirtAuditRecord> extracts = log.ToLookup(record => record.RecordTypeId);
        Analysed analysed = Analysed.Records([.. extracts[2500], .. extracts[2501]]);

        Assert.Equal((0, 0), (analysed.Repeats, analysed.PossibleRepeats));
    }

    /// <summary>Two hosts that name themselves nowhere number and stamp their events alike.</summary>
    [Fact]
    public void Logs_of_two_hosts_without_names_are_not_taken_for_repeats()
    {
        string[] One(int host) => [.. Enumerable.Range(0, 3000).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"type=ANOM_PROMISCUOUS msg=audit({1_700_000_000 + i}.000:{i + 1}): dev=vnet{host} prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1"))];

        Analysed analysed = Analysed.Text([.. One(1), .. One(2), .. One(1)]);

        Assert.Equal((6000, 3000), (analysed.Incidents.Count, analysed.Repeats));
    }

    /// <summary>Without a serial a record's equal of the same moment may be the same or another; of another moment it is another.</summary>
    [Fact]
    public void Records_without_serials_count_and_are_said_where_they_are_equal()
    {
        const string Body = ": 5436: info : virDomainAuditRedirdev:318 : success=yes virt=qemu resrc=dev reason=start vm=\"a\" "
            + "uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 bus=usb device=555342207265646972646576";
        string[] log = [.. Enumerable.Range(865, 3).Select(i => string.Create(CultureInfo.InvariantCulture, $"2026-11-22 14:52:55.{i}+0000{Body}"))];

        Assert.Equal((0, 0), (Analysed.Text(log).Repeats, Analysed.Text(log).PossibleRepeats));
        Assert.Equal((0, 3), (Analysed.Text([.. log, .. log]).Repeats, Analysed.Text([.. log, .. log]).PossibleRepeats));
    }

    private static IEnumerable<VirtAuditRecord> Log(int count, int guests, long clockStep, long stamp = 1_700_000_000_000, ulong serial = 1)
    {
        for (int i = 0; i < count; i++)
        {
            long moment = stamp + (i * 1000L) + (i > count / 2 ? clockStep : 0);
            serial += 3;
            bool start = i / guests % 2 == 0;
            yield return new VirtAuditRecord
            {
                EventId = string.Create(CultureInfo.InvariantCulture, $"{moment / 1000}.{moment % 1000:000}:{serial}"),
                UnixMilliseconds = moment,
                Serial = serial,
                RecordType = "VIRT_CONTROL",
                RecordTypeId = 2500,
                Operation = start ? "start" : "stop",
                Reason = start ? "booted" : "shutdown",
                VMName = "guest" + (i % guests).ToString(CultureInfo.InvariantCulture),
                Uuid = new Guid(i % guests, 0, 0, new byte[8]),
                VMProcessId = start ? i + 10 : 0,
                Result = "success",
            };
        }
    }

    private static string[] Told(Analysed analysed) =>
    [
        .. analysed.Sessions.Select(session => JsonSerializer.Serialize(session)).Order(StringComparer.Ordinal),
        .. analysed.Assignments.Select(assignment => JsonSerializer.Serialize(assignment)).Order(StringComparer.Ordinal),
        .. analysed.Incidents.Select(incident => JsonSerializer.Serialize(incident)).Order(StringComparer.Ordinal),
    ];
}
