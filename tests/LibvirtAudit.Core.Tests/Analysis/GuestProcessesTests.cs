using LibvirtAudit.Analysis;
using LibvirtAudit.Host;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Which processes of guests still run, in a folder made like <c>/proc</c> (proc(5)).</summary>
public sealed class GuestProcessesTests : IDisposable
{
    private const long Boot = 1_795_000_000;
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;

    public GuestProcessesTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "self/ns"));
        File.CreateSymbolicLink(Path.Combine(_root, "self/ns/pid"), "pid:[4026531836]");
        File.WriteAllText(Path.Combine(_root, "stat"), $"cpu 1 2 3\nbtime {Boot}\nprocesses 9\n");
        Add(1, "init", 0);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(99, true)] // a moment before its record
    [InlineData(105, true)] // the clock was adjusted a little
    [InlineData(900, false)] // another process, which got the number later
    public void A_process_is_the_guests_where_it_began_before_the_start(int second, bool alive)
    {
        Add(700, "qemu) S 1 (x", second);

        Assert.Equal(alive, IsAlive(700));
    }

    [Fact]
    public void A_process_that_is_gone_or_dead_is_not_alive()
    {
        Add(701, "qemu", 99, "Z");

        Assert.Equal((false, false), (IsAlive(700), IsAlive(701)));
    }

    [Fact]
    public void A_command_line_that_names_the_guest_counts_more_than_the_clock()
    {
        Add(700, "qemu", 900);
        File.WriteAllText(Path.Combine(_root, "700/cmdline"), "qemu\0-uuid\0" + Trail.Uuid + "\0");

        Assert.True(IsAlive(700));
    }

    [Fact]
    public void What_can_not_be_told_is_null()
    {
        Add(700, "qemu", 99);

        Assert.Null(IsAlive(null));
        Assert.Null(new GuestProcesses(_root, "kvm1").IsAlive(Session(700, "kvm2.example")));
        Assert.True(new GuestProcesses(_root, "kvm1").IsAlive(Session(700, "KVM1.example")));
        Directory.Delete(Path.Combine(_root, "1"), recursive: true); // hidepid=2
        Assert.Null(IsAlive(702));
        File.Delete(Path.Combine(_root, "self/ns/pid"));
        File.CreateSymbolicLink(Path.Combine(_root, "self/ns/pid"), "pid:[4026532999]"); // a container
        Assert.Null(IsAlive(700));
    }

    private bool? IsAlive(long? process) => new GuestProcesses(_root).IsAlive(Session(process, null));

    private static VirtAuditSession Session(long? process, string? node) =>
        new() { VMProcessId = process, Uuid = Guid.Parse(Trail.Uuid), Node = node, StartMilliseconds = (Boot + 100) * 1000 };

    private void Add(int id, string name, int second, string state = "S")
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, $"{id}")).FullName;
        File.WriteAllText(Path.Combine(folder, "stat"), $"{id} ({name}) {state} 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 {second * 100} 9 9\n");
    }
}
