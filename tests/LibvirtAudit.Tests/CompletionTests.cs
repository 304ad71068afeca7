using System.Management.Automation;
using System.Reflection;
using System.Text;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Manifest;
using LibvirtAudit.Tests.Shell;

namespace LibvirtAudit.Tests;

/// <summary>What TAB offers behind the parameters of all cmdlets.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Qemu = "tests/data/qemu-enriched.log";

    /// <summary>Parameters without completion, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["Path"] = "a file, which PowerShell itself completes",
        ["LiteralPath"] = "a file, which PowerShell itself completes",
        ["LogPath"] = "a file, which PowerShell itself completes",
        ["Bookmark"] = "a file, which PowerShell itself completes",
        ["JournalSocket"] = "a file, which PowerShell itself completes",
        ["LibvirtConfigurationFolder"] = "a folder, which PowerShell itself completes",
        ["AuditdConfigurationFolder"] = "a folder, which PowerShell itself completes",
        ["InputObject"] = "comes from the pipeline",
        ["EventId"] = "one of as many as there are records; Evidence brings it through the pipeline",
        ["RecordType"] = "of the cmdlets that write: hidden, only bound from piped records",
        ["AdditionalFields"] = "hidden, only bound from piped records",
        ["Count"] = "a number of one's own choice",
        ["Within"] = "a number of one's own choice",
        ["Tail"] = "a number of one's own choice",
        ["TimeoutSec"] = "a number of one's own choice",
        ["MaxEvents"] = "a number of one's own choice",
        ["OldMemory"] = "a number of one's own choice",
        ["NewMemory"] = "a number of one's own choice",
        ["Size"] = "a number of one's own choice",
        ["VMProcessId"] = "the number of a process, which no log knows yet",
        ["InitProcessId"] = "the number of a process, which no log knows yet",
        ["PidNamespace"] = "the number of a namespace, which no log knows yet",
    };

    private readonly ModuleHost _host = new();
    private readonly TemporaryFolder _folder = new();

    public CompletionTests()
    {
        // What is offered must not depend on how busy the machine is; that the time is kept is tested in the core.
        Type commandLogs = ModuleAssemblies.Module.GetType("LibvirtAudit.Completion.CommandLogs", throwOnError: true)!;
        PropertyInfo reader = commandLogs.GetProperty("Reader", BindingFlags.NonPublic | BindingFlags.Static)!;
        reader.SetValue(null, Activator.CreateInstance(
            reader.PropertyType, BindingFlags.NonPublic | BindingFlags.Instance, binder: null, [TimeProvider.System, TimeSpan.FromMinutes(10), 64L * 1024 * 1024], culture: null));
    }

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_parameter_completes_or_has_a_reason_not_to()
    {
        var used = new HashSet<string>();
        foreach ((string cmdlet, Type type) in CmdletTypes.All)
        {
            foreach (PropertyInfo parameter in type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))))
            {
                Type value = Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType;
                bool completes = parameter.IsDefined(typeof(ArgumentCompleterAttribute)) || value.IsEnum || value == typeof(SwitchParameter);
                if (!completes)
                {
                    Assert.True(Exempt.ContainsKey(parameter.Name), $"{cmdlet} -{parameter.Name} neither completes nor is exempt");
                    used.Add(parameter.Name);
                }
            }
        }

        Assert.Equal(Exempt.Keys.Order(), used.Order());
    }

    [Fact]
    public void Every_completer_offers_something()
    {
        // A log that holds something for each, also fields that the captures have for few guests.
        string log = Path.Combine(_folder.Path, "all.log");
        File.WriteAllBytes(log, [.. File.ReadAllBytes(Repository.Data("qemu-enriched.log")), .. File.ReadAllBytes(Repository.Data("umsg-enriched.log")), .. File.ReadAllBytes(Repository.Data("lxc-enriched.log")), .. File.ReadAllBytes(Repository.Data("selinux-incidents.log")), .. NodeLine]);
        var empty = new List<string>();
        foreach ((string cmdlet, Type type) in CmdletTypes.All)
        {
            PropertyInfo[] parameters = [.. type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)))];
            string from = parameters.Any(parameter => parameter.Name == "LogPath") ? $"-LogPath {log}" : parameters.Any(parameter => parameter.Name == "Path") ? $"-Path {log}" : "";
            foreach (PropertyInfo parameter in parameters.Where(parameter => parameter.IsDefined(typeof(ArgumentCompleterAttribute))))
            {
                // Without a log there is the host's, of which nothing can be said here.
                bool isOfHost = from.Length == 0 && parameter.Name is ("VMName" or "Uuid" or "Node" or "Value");
                if (!isOfHost && !Words($"{cmdlet} {from} -{parameter.Name} ").Any())
                {
                    empty.Add($"{cmdlet} -{parameter.Name}");
                }
            }
        }

        Assert.Equal([], empty);
    }

    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("umsg-enriched.log")]
    [InlineData("samples.log")]
    public void A_completed_name_finds_that_guest_and_no_other(string log)
    {
        string path = "tests/data/" + log;
        IReadOnlyList<object?> names = _host.Invoke($"Get-VirtAuditRecord {path} -ErrorAction Ignore").Values("VMName");

        AssertFinds(path, names.OfType<string>().ToHashSet());
    }

    [Fact]
    public void A_hostile_name_is_completed_as_one_argument_that_means_it()
    {
        string[] names =
        [
            "", " ", "-Path", "-", "@a", "a,b", "a;b", "$(throw 1)", "$HOME", "a`b", "tail`", "a[1]", "[", "]", "*", "a*", "?", "it's", "a\"b", "a‘b’c‚d‛e", "“x”„y", "a‘\u0001",
            "\u001b[31mred", "line\nbreak", "tab\ttab", "bell\a", "\u202egpj.exe", "\ud83d\ude00", "{1}", "#x", "%", "&", "|", "<", ">", "1kb", "0x10", "1e5", "00012", "12345", "1e-5-", "web01", "Ünï", "日本",
            "--%", "a b", "'", "''", "\"", "`", "``", "$", "a:b", "C:\\x", "/dev/x", "~", ".", "..", "!", "=", "a=b", "\u007f", "\u0085", "\u2028", "\u00a0", "web01\u0001", "web\u200b01", "WEB02",
        ];
        string log = Path.Combine(_folder.Path, "hostile.log");
        File.WriteAllText(log, string.Concat(names.Select(Line)), new UTF8Encoding(false));

        // Nobody can ask for the guest without a name, as no filter may be empty.
        AssertFinds(log, names.Where(name => name.Length > 0).ToHashSet());
        foreach (CompletionResult word in _host.Complete($"Write-VirtControlAudit -LogPath {log} -VMName "))
        {
            Assert.DoesNotContain(word.CompletionText + word.ListItemText + word.ToolTip, char.IsControl);
            object? meant = Assert.Single(_host.Invoke($"& {{ param([string] $Name) $Name }} -Name {word.CompletionText}").ThrowOnError().Output).BaseObject;
            Assert.Contains(meant, names);
        }
    }

    [Theory]
    [InlineData("lab-cp", "lab-cpu")]
    [InlineData("LAB-CP", "lab-cpu")]
    [InlineData("*pace*", "'lab space name'")]
    [InlineData("'lab sp", "'lab space name'")]
    [InlineData("\"lab sp", "'lab space name'")]
    [InlineData("lab-full,lab-cp", "lab-cpu")]
    [InlineData("\"lab`tt", "\"lab`ttab\"")]
    [InlineData("no-such", null)]
    [InlineData("[x", null)]
    public void What_is_typed_of_a_name_is_its_beginning_or_a_pattern(string typed, string? only) =>
        Assert.Equal(only is null ? [] : [only], Words($"Get-VirtAuditSession {Qemu} -VMName {typed}"));

    [Theory]
    [InlineData("Get-VirtAuditRecord tests/data/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord -Path tests/data/qemu-*.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord -LiteralPath tests/data/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord -LP tests/data/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord 'tests/data/lxc-enriched.log', tests/data/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord $log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord \"$folder/qemu-enriched.log\" -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord $folder/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Get-VirtAuditRecord \"$folder/lxc-enriched.log\",\"$folder/qemu-enriched.log\" -VMName lab-cp")]
    [InlineData("'x' | LibvirtAudit\\Assert-VirtAuditRecord tests/data/qemu-enriched.log -VMName lab-cp")]
    [InlineData("Write-VirtControlAudit -LogPath tests/data/qemu-enriched.log -VMName lab-cp")]
    public void The_log_is_the_one_that_the_command_line_names(string line)
    {
        _host.SetVariable("log", Qemu);
        _host.SetVariable("folder", "tests/data");

        Assert.Contains("lab-cpu", Words(line));
    }

    [Fact]
    public void The_log_may_stand_behind_the_word_that_is_completed()
    {
        const string Before = "Get-VirtAuditRecord -VMName lab-cp";

        Assert.Equal(["lab-cpu"], _host.Complete(Before + " tests/data/qemu-enriched.log", Before.Length).Select(result => result.CompletionText));
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord tests/data/missing.log -VMName l")]
    [InlineData("Get-VirtAuditRecord tests/data -VMName l")]
    [InlineData("Get-VirtAuditRecord env:PATH -VMName l")]
    [InlineData("Get-VirtAuditRecord nodrive:x -VMName l")]
    [InlineData("Get-VirtAuditRecord $nothing -VMName l")]
    [InlineData("Get-VirtAuditRecord '' -VMName l")]
    [InlineData("Get-VirtAuditRecord (New-Item made) -VMName l")]
    [InlineData("Get-VirtAuditRecord \"$(New-Item made)\" -VMName l")]
    [InlineData("Get-VirtAuditRecord @nothing -VMName l")]
    [InlineData("Get-VirtAuditRecord $(New-Item made)/x -VMName l")]
    public void A_log_that_cannot_be_read_offers_nothing_and_nothing_is_run(string line)
    {
        _host.Invoke("$Error.Clear()");

        Assert.Empty(Words(line));
        Assert.False(File.Exists(Repository.PathOf("made")));
    }

    [Fact]
    public void A_uuid_is_shown_with_its_guest()
    {
        CompletionResult only = Assert.Single(_host.Complete($"Get-VirtAuditSession {Qemu} -VMName lab-cpu -Uuid "));

        Assert.Equal("cbe51033-767e-5609-ae10-1509b5220613", only.CompletionText);
        Assert.Equal("lab-cpu", only.ToolTip);
        Assert.Equal("cbe51033-767e-5609-ae10-1509b5220613", Assert.Single(_host.Complete($"Get-VirtAuditSession {Qemu} -VMName lab-cp")).ToolTip);
    }

    [Fact]
    public void Hosts_are_completed_and_tell_guests_apart()
    {
        string log = Path.Combine(_folder.Path, "central.log");
        File.WriteAllText(log, "node=kvm1 " + Line("one") + "node=kvm2 " + Line("two"));

        Assert.Equal(["kvm1", "kvm2"], Words($"Get-VirtAuditRecord {log} -Node "));
        Assert.Equal(["kvm2"], Words($"Get-VirtAuditRecord {log} -VMName two -Node "));
        Assert.Equal(["one"], Words($"Get-VirtAuditRecord {log} -Node kvm1 -VMName "));
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord -ResourceType mem -Reason ", "start update")]
    [InlineData("Get-VirtAuditRecord -ResourceType m*,v* -Reason ", "start update")]
    [InlineData("Get-VirtAuditRecord -RecordType VIRT_RESOURCE -ResourceType cgroup -Reason ", "allow deny")]
    [InlineData("Get-VirtAuditRecord -Operation stop -Reason s", "shutdown saved")]
    [InlineData("Get-VirtAuditRecord -RecordType virt_control -Reason s", "shutdown saved")]
    [InlineData("Get-VirtAuditRecord -RecordType VIRT_C* -Operation ", "start stop init")]
    [InlineData("Get-VirtAuditRecord -ResourceType disk -RecordType ", "VIRT_RESOURCE")]
    [InlineData("Watch-VirtAuditRecord -Operation init -RecordType ", "VIRT_CONTROL")]
    [InlineData("Write-VirtControlAudit -Operation start -Reason b", "booted")]
    [InlineData("Write-VirtResourceAudit -ResourceType hostdev -Reason ", "start attach detach")]
    [InlineData("LibvirtAudit\\Write-VirtControlAudit -Reason sh", "shutdown")]
    public void Only_what_fits_what_is_typed_is_offered(string line, string words) => Assert.Equal(words.Split(' '), Words(line));

    [Fact]
    public void Values_are_those_of_the_resource_type_and_guest_already_typed()
    {
        IReadOnlyList<string> macs = Words($"Get-VirtAuditAssignment {Qemu} -ResourceType net -Value 52");
        Assert.All(macs, mac => Assert.Matches("^52:54:00:aa:", mac));
        Assert.Contains("52:54:00:aa:00:21", macs);
        Assert.DoesNotContain("52:54:00:aa:00:21", Words($"Get-VirtAuditAssignment {Qemu} -VMName lab-cpu -ResourceType net -Value 52"));
        Assert.Empty(Words($"Get-VirtAuditAssignment {Qemu} -ResourceType disk -Value 52"));

        Assert.Contains("/dev/loop0", Words($"Write-VirtResourceAudit -LogPath {Qemu} -VMName lab-full -ResourceType disk -OldValue "));
        Assert.Contains("262144", Words($"Write-VirtResourceAudit -LogPath {Qemu} -VMName lab-full -ResourceType mem -NewValue "));
        Assert.Contains("/dev/net/tun", Words($"Write-VirtResourceAudit -LogPath {Qemu} -ResourceType net -DevicePath "));
    }

    [Fact]
    public void A_completed_value_finds_the_records_that_have_it()
    {
        foreach (CompletionResult value in _host.Complete($"Get-VirtAuditRecord {Qemu} -ResourceType disk -Value "))
        {
            Assert.NotEmpty(_host.Invoke($"Get-VirtAuditRecord {Qemu} -ResourceType disk -Value {value.CompletionText}").ThrowOnError().Output);
        }
    }

    private void AssertFinds(string log, IReadOnlySet<string> names)
    {
        IReadOnlyList<CompletionResult> offered = _host.Complete($"Get-VirtAuditRecord {log} -VMName ");
        var found = new HashSet<string>();
        foreach (CompletionResult name in offered)
        {
            Assert.DoesNotContain(name.CompletionText + name.ListItemText + name.ToolTip, char.IsControl);
            string[] guests = [.. _host.Invoke($"Get-VirtAuditRecord -Path {log} -ErrorAction Ignore -VMName {name.CompletionText}").Values("VMName").OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
            Assert.True(guests.Length == 1, $"{name.CompletionText} finds {guests.Length} guests");
            found.Add(guests[0]);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private IReadOnlyList<string> Words(string line) =>
        [.. _host.Complete(line).Where(result => result.ResultType == CompletionResultType.ParameterValue).Select(result => result.CompletionText)];

    private static byte[] NodeLine => Encoding.UTF8.GetBytes("node=kvm1 " + Line("somewhere"));

    private static string Line(string name) =>
        $"type=VIRT_CONTROL msg=audit(1795360115.435:7): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm={Encode(name)} uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=7 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'\n";

    private static string Encode(string name) => name.Length == 0 ? "\"\"" : Convert.ToHexString(Encoding.UTF8.GetBytes(name));
}
