using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>The views that a terminal shows by itself; those that the Format cmdlets choose are in tests/pester, as the engine alone has none.</summary>
public sealed class ViewTests : IDisposable
{
    private const string Qemu = "tests/data/qemu-enriched.log";

    /// <summary>A command for each type of output.</summary>
    private static readonly string[] Outputs =
    [
        $"Get-VirtAuditRecord {Qemu}", $"Get-VirtAuditSession {Qemu}", $"Get-VirtAuditAssignment {Qemu}", $"Get-VirtAuditIncident {Qemu}",
        $"Measure-VirtAuditRecord {Qemu} -GroupBy Guest", "Get-VirtAuditStatus",
    ];

    private readonly ModuleHost _host = new();

    public static TheoryData<string, int> Combinations
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string output in Outputs)
            {
                foreach (int width in new[] { 80, 100, 200 })
                {
                    data.Add(output, width);
                }
            }

            return data;
        }
    }

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_view_fits_the_terminal_and_moves_no_cursor(string output, int width)
    {
        string shown = Plain(_host.Render(output, width));

        Assert.DoesNotContain(shown, c => char.IsControl(c) && c != '\n');
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void Each_column_is_there_at_every_width(int width)
    {
        Assert.Equal("Time Guest Action Result Detail", Header($"Get-VirtAuditRecord {Qemu} -Tail 1", width));
        Assert.Equal("Guest Start End Duration State", Header($"Get-VirtAuditSession {Qemu} -VMName lab-cpu", width));
        Assert.Equal("Guest Start End Resource", Header($"Get-VirtAuditAssignment {Qemu} -VMName lab-cpu", width));
        Assert.Equal("Time Guest What Tied by Target", Header($"Get-VirtAuditIncident {Qemu}", width));
        Assert.Equal("Group Guests Starts Failed Stops Assigned Denied Anomalies Failures" + (width > 80 ? " Malformed" : ""), Header($"Measure-VirtAuditRecord {Qemu}", width));
    }

    [Theory]
    [InlineData("Hour", "2026-11-22 14:00")]
    [InlineData("Day", "2026-11-22")]
    [InlineData("Month", "2026-11")]
    public void A_period_is_not_cut(string period, string group)
    {
        string shown = Plain(_host.Render($"Measure-VirtAuditRecord {Qemu} -GroupBy {period}", 80));

        // In time zones a few hours apart the log's five minutes are of another hour and day.
        Assert.Matches(string.Concat(group.Select(c => char.IsDigit(c) ? @"\d" : c.ToString())) + " ", shown);
        Assert.DoesNotContain('…', shown);
    }

    [Fact]
    public void What_failed_or_was_denied_is_red_where_the_host_has_colours()
    {
        Assert.Contains("\u001b[31mfailed\u001b[0m", _host.Render($"Get-VirtAuditRecord {Qemu} -Result failed", 80, escapes: true), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mDied\u001b[0m", _host.Render($"Get-VirtAuditSession {Qemu} -VMName lab-cpu,lab-esc", 80, escapes: true), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mFailedToStart\u001b[0m", _host.Render($"Get-VirtAuditSession {Qemu}", 100, escapes: true), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mfailed\u001b[0m", _host.Render($"Get-VirtAuditAssignment {Qemu}", 80, escapes: true), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mrelabelfrom\u001b[0m", _host.Render("Get-VirtAuditIncident tests/data/selinux-incidents.log", 80, escapes: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Units_are_shown()
    {
        Assert.Contains("262144 KiB", _host.Render($"Get-VirtAuditRecord {Qemu} -VMName lab-full -ResourceType mem", 80), StringComparison.Ordinal);
        Assert.Contains("mem 262144 KiB", _host.Render($"Get-VirtAuditAssignment {Qemu} -VMName lab-full -ResourceType mem", 80), StringComparison.Ordinal);
        Assert.Contains("2097152 bytes", _host.Render($"Get-VirtAuditRecord {Qemu} -ResourceType shmem", 100), StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_tells_the_reasons_where_it_does_not_say_them_itself()
    {
        string lxc = _host.Render("Get-VirtAuditSession tests/data/lxc-enriched.log -VMName ct-reboot", 100);
        Assert.Matches("Rebooted\n", lxc);
        Assert.Contains("Stopped, reboot -> shutdown", lxc, StringComparison.Ordinal);
        Assert.Contains("Stopped, 5 failed, 12 anomalous", _host.Render($"Get-VirtAuditSession {Qemu} -VMName lab-full,lab-cpu", 120), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deserialized_object_looks_like_the_live_one_also_after_a_change()
    {
        foreach (string output in Outputs[..5])
        {
            object[] live = [.. _host.Invoke(output).Output.Take(20)];
            _host.SetVariable("live", live);
            _host.SetVariable("copies", live.Select(ModuleHost.RoundTrip).ToArray());
            Assert.Equal(_host.Render("$live"), _host.Render("$copies"));
        }

        _host.Invoke($"Get-VirtAuditRecord {Qemu} -Tail 1").Output.ToList().ForEach(record => _host.SetVariable("record", ModuleHost.RoundTrip(record)));
        Assert.DoesNotContain("renamed", _host.Render("$record"), StringComparison.Ordinal);
        Assert.Contains("renamed", _host.Render("$record.VMName = 'renamed'; $record"), StringComparison.Ordinal);
    }

    // Without the engine's marks of headers and our own; anything else that a guest might bring stays.
    private static string Plain(string shown) => Regex.Replace(shown, "\u001b\\[(32;1(;3)?|31|0)m", "");

    private string Header(string output, int width) =>
        string.Join(' ', Plain(_host.Render(output, width)).Split('\n').First(line => line.Length > 0).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
