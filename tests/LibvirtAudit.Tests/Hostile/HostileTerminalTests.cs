using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Manifest;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Every cmdlet of the manifest on a log, on objects and with arguments full of hostile text: nothing that reaches the
/// host's interface can move a cursor, in any view of objects and of errors and in any stream. A new cmdlet joins by itself.
/// </summary>
public sealed class HostileTerminalTests : IDisposable
{
    private static readonly string[] NoInput = ["Get-VirtAuditStatus", "Watch-VirtAuditRecord"];

    // All that is dangerous in one text, and what makes a path or a pattern of it: each is said something else of.
    private static readonly string Dangerous = string.Concat(HostileText.All.Select(hostile => hostile.Text).Where(text => Terminal.Danger(text) is not null && !text.Contains('\0', StringComparison.Ordinal)));
    private static readonly string[] Arguments = [Dangerous, "[" + Dangerous, Dangerous + ":x", Dangerous + "::x", "\0" + Dangerous, "type=VIRT_CONTROL msg=audit(1.000:1): " + Dangerous, "a\ud800b"];
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-test-").FullName;
    private readonly ModuleHost _host = new();
    private readonly string _log;

    public HostileTerminalTests()
    {
        _log = Path.Combine(_folder, "hostile.log");
        File.WriteAllBytes(_log, HostileLog.Build());
        _host.Location = _folder;
        _host.SetVariable("log", _log);
        _host.SetVariable("hostile", Arguments);
        _host.SetVariable("DebugPreference", "Continue");
        _host.SetVariable("VerbosePreference", "Continue");
        _host.SetVariable("InformationPreference", "Continue");
    }

    public static TheoryData<string> Cmdlets
    {
        get
        {
            using var host = new ModuleHost();
            return [.. CmdletTypes.All.Keys];
        }
    }

    public static TheoryData<string> OutputTypes
    {
        get
        {
            using var host = new ModuleHost();
            return [.. CmdletTypes.All.Values.SelectMany(type => type.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(output => output.Type).Select(output => output.Name)
                .Where(name => name.StartsWith("LibvirtAudit.", StringComparison.Ordinal)).Distinct()];
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_a_cmdlet_makes_of_a_hostile_log_is_harmless_in_every_view(string name)
    {
        string? script = Reading(name);
        Assert.SkipWhen(script is null, "the cmdlet reads no log and takes no objects");
        foreach (string format in new[] { "", "| Format-Table", "| Format-List", "| Format-Wide", "| Format-Custom", "| ForEach-Object { [LibvirtAudit.Views.RecordColumns]::Text(\"$_\") }" })
        {
            // The text that is converted to is the line itself, for files and programs: no view of it.
            if (name != "ConvertTo-VirtAuditText" || format.StartsWith("| ForEach", StringComparison.Ordinal))
            {
                AssertHarmless($"{script} -ErrorAction SilentlyContinue {format}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_errors_of_a_hostile_log_are_harmless_in_every_view(string name)
    {
        string? script = Reading(name);
        Assert.SkipWhen(script is null, "the cmdlet reads no log and takes no objects");
        foreach (string view in new[] { "NormalView", "CategoryView", "ConciseView" })
        {
            AssertHarmless($"$ErrorView = '{view}'; {script} | ForEach-Object {{ }}");
        }

        ScriptResult result = _host.Invoke(script);
        Assert.All(result.Errors, error => Assert.All(Terminal.TextsOf(error), text => Assert.Null(Terminal.Danger(text))));
        Assert.All(result.Output.Where(item => item.BaseObject is not string), item => Assert.Null(Terminal.Danger(item.ToString())));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Hostile_arguments_are_harmless_in_what_is_said_of_them(string name)
    {
        Type type = CmdletTypes.All[name];
        string[] mandatory = [.. Parameters(type).Where(IsMandatoryWithPath).Select(property => $"-{property.Name} {Plain(property)}")];
        foreach (PropertyInfo parameter in Parameters(type).Where(property => property.PropertyType != typeof(SwitchParameter)))
        {
            if (parameter.PropertyType.IsEnum)
            {
                // PowerShell quotes what its user typed for one; no data comes there.
                Assert.All(parameter.GetCustomAttributes<ParameterAttribute>(), attribute => Assert.False(attribute.ValueFromPipeline || attribute.ValueFromPipelineByPropertyName));
                continue;
            }

            string others = string.Join(' ', mandatory.Where(text => !text.StartsWith($"-{parameter.Name} ", StringComparison.Ordinal)));
            string path = HasParameter(type, "LiteralPath") && parameter.Name is not ("Path" or "LiteralPath" or "InputObject") ? "-Path $empty" : "";
            string write = HasParameter(type, "LogPath") ? "-AuditLevel 0 -WhatIf" : HasParameter(type, "TimeoutSec") ? parameter.Name == "TimeoutSec" ? "-MaxEvents 0" : "-TimeoutSec 0" : "";
            if (write.Contains("-" + parameter.Name + " ", StringComparison.Ordinal))
            {
                write = "-WhatIf";
            }

            _host.SetVariable("empty", Empty());
            AssertHarmless($"foreach ($text in $hostile) {{ try {{ {name} -{parameter.Name} $text {others} {path} {write} }} catch {{ $_; $_.Exception.Message; $_.CategoryInfo.ToString() }} }}");
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Hostile_objects_are_harmless_in_what_is_said_of_them(string name)
    {
        Assert.SkipWhen(!HasParameter(CmdletTypes.All[name], "InputObject"), "the cmdlet takes no objects");
        _host.SetVariable("objects", Arguments.SelectMany(text => new object[]
        {
            text, new List<object> { text }, Property("RecordType", text), Property("VMName", text), new Throwing(), new Dictionary<string, object> { [text] = text },
        }).ToArray());
        foreach (string view in new[] { "NormalView", "CategoryView", "ConciseView" })
        {
            // A line of text goes on as it came where it is converted.
            AssertHarmless($"$ErrorView = '{view}'; $objects | {name} | ForEach-Object {{ }}");
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_is_offered_for_completion_is_harmless(string name)
    {
        foreach (PropertyInfo parameter in Parameters(CmdletTypes.All[name]).Where(property => !property.Name.EndsWith("Path", StringComparison.Ordinal)))
        {
            foreach (string typed in new[] { "", "'", "\u001b", "'\u001b[2J" })
            {
                IEnumerable<string> offered = _host.Complete($"{name} -ResourceType '\u001b[2J' -Operation \"`e[2J\" -{parameter.Name} {typed}").SelectMany(match => new[] { match.CompletionText, match.ListItemText, match.ToolTip });
                Assert.All(offered, text => Assert.Null(Terminal.Danger(text)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Hostile_text_reaches_every_cmdlet(string name) =>
        Assert.True(Reading(name) is not null || CmdletTypes.All[name].GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess || NoInput.Contains(name),
            $"say in {nameof(HostileTerminalTests)} how hostile text reaches {name}");

    [Theory]
    [MemberData(nameof(OutputTypes))]
    public void Every_type_that_comes_out_has_a_view_of_its_own_of_every_form(string typeName)
    {
        XElement[] views = [.. Directory.GetFiles(Repository.PathOf("bin"), "*.Format.ps1xml").SelectMany(path => XDocument.Load(path).Descendants("View"))];
        string[] of = [.. views.Where(view => view.Descendants("TypeName").Any(name => name.Value == typeName)).SelectMany(view => view.Elements()).Select(element => element.Name.LocalName)];
        Assert.All(new[] { "TableControl", "ListControl", "WideControl", "CustomControl" }, control => Assert.Contains(control, of));

        // A property is shown as it is, and one of an object that comes back from elsewhere may be any text. Whether it is there may be asked.
        Assert.All(views.Descendants("PropertyName"), name => Assert.Equal("ItemSelectionCondition", name.Parent!.Name.LocalName));
    }

    [Fact]
    public void A_question_and_what_if_show_the_record_without_a_control_character()
    {
        _host.Answer = 1;
        string[] written = [.. AssertHarmless("""
            foreach ($text in $hostile) {
                foreach ($how in @{ WhatIf = $true }, @{ Confirm = $true }) {
                    Write-VirtControlAudit -VMName $text -Uuid a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 -Operation start -Reason booted -VMProcessId 1 -Driver qemu -LogPath "/tmp/$text" @how -AuditLevel 1
                }
            }
            """)];
        Assert.Contains(written, text => text.Contains("What if: ", StringComparison.Ordinal) && text.Contains("VIRT_CONTROL to /tmp/", StringComparison.Ordinal) && text.Contains("`e", StringComparison.Ordinal));
        Assert.Contains(written, text => text.Contains("virt=qemu op=start reason=booted vm=", StringComparison.Ordinal));
        Assert.Contains(written, text => text.Contains("Are you sure", StringComparison.Ordinal));
    }

    [Fact]
    public void The_state_of_a_host_with_a_hostile_configuration_is_harmless()
    {
        foreach (HostileText hostile in HostileText.All)
        {
            File.WriteAllBytes(Path.Combine(_folder, "auditd.conf"), [.. "log_file = /"u8, .. hostile.Bytes, .. "\nname_format = user\nname = "u8, .. hostile.Bytes, (byte)'\n']);
            File.WriteAllBytes(Path.Combine(_folder, "libvirtd.conf"), [.. "audit_level = \""u8, .. hostile.Bytes, .. "\"\n"u8]);
            _host.SetVariable("folder", _folder);
            AssertHarmless("$status = Get-VirtAuditStatus -LibvirtConfigurationFolder $folder -AuditdConfigurationFolder $folder; $status; $status | Format-Table; $status | Format-Wide; $status | Format-Custom");
        }

        // Whatever daemon runs here, the log that its configuration names is shown so.
        _host.SetVariable("view", _host.Invoke("$status").Output[0]);
        AssertHarmless("$view.LogPath = \"/`e[2J\"; $view.DaemonName = \"`e[2J\"; $view.DaemonProcessId = 1; $view.Unknown = @(\"`e[2J\"); $view");
        Assert.Contains(_host.Written, text => text.Contains("/`e[2J", StringComparison.Ordinal));
    }

    [Fact]
    public void The_check_notices_what_it_is_for()
    {
        Assert.All(HostileText.All.Where(hostile => hostile.Text.Any(c => c is '\u001b' or '\u202e' or '\a' or '\u009b')), hostile => Assert.NotNull(Terminal.Danger(hostile.Text)));
        _host.Render("\"a`e[2Jb\"", escapes: true);
        Assert.Contains(_host.Written, text => Terminal.Danger(text) is not null);
    }

    private IReadOnlyList<string> AssertHarmless(string script)
    {
        _host.Render(script, escapes: true);
        string[] dangers = [.. _host.Written.Select(Terminal.Danger).OfType<string>().Distinct()];
        Assert.True(dangers.Length == 0, $"{script}\n{string.Join('\n', dangers.Take(5).Select(danger => danger.Replace("\u001b", "<ESC>", StringComparison.Ordinal)))}");
        return _host.Written;
    }

    // How the cmdlet is made to read the log, with everything that it can show of it; null where it reads none.
    private static string? Reading(string name)
    {
        Type type = CmdletTypes.All[name];
        string switches = string.Concat(new[] { "IncludeRawText", "IncludeMalformed", "PassThru" }.Where(parameter => HasParameter(type, parameter)).Select(parameter => " -" + parameter));
        return type.GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess ? null
            : HasParameter(type, "LiteralPath") ? $"{name} -LiteralPath $log{switches}"
            : !HasParameter(type, "InputObject") ? null
            : name.StartsWith("ConvertFrom", StringComparison.Ordinal) ? $"[IO.File]::ReadAllText($log) | {name}{switches}"
            : $"Get-VirtAuditRecord -LiteralPath $log -ErrorAction Ignore | {name}{switches}";
    }

    private static IEnumerable<PropertyInfo> Parameters(Type type) => type.GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any());

    private static bool HasParameter(Type type, string name) => Parameters(type).Any(property => property.Name == name);

    private static bool IsMandatoryWithPath(PropertyInfo property) =>
        property.Name is not ("LiteralPath" or "InputObject") && property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.Mandatory);

    private static string Plain(PropertyInfo property) => property.Name switch
    {
        "Uuid" => "a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45",
        "Operation" => "start",
        "ResourceType" => "disk",
        _ => "plain",
    };

    private static PSObject Property(string name, string value)
    {
        var item = new PSObject();
        item.Properties.Add(new PSNoteProperty("RecordType", "VIRT_CONTROL"));
        item.Properties.Add(new PSNoteProperty("VMName", "a"));
        item.Properties.Remove(name);
        item.Properties.Add(new PSNoteProperty(name, value));
        return item;
    }

    private string Empty()
    {
        string path = Path.Combine(_folder, "empty.log");
        File.WriteAllText(path, "");
        return path;
    }

    /// <summary>An object of somebody who means no good.</summary>
    private sealed class Throwing
    {
        private readonly Exception _failure = new InvalidOperationException("\u001b[2J");

        public string RecordType => throw _failure;

        public string VMName => throw _failure;

        public override string ToString() => throw _failure;
    }
}
