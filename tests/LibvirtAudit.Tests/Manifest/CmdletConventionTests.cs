using System.Management.Automation;
using System.Reflection;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Manifest;

/// <summary>PowerShell's rules for every cmdlet.</summary>
public sealed class CmdletConventionTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Verbs_are_approved()
    {
        HashSet<string> approved = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == "System.Management.Automation" && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("Get", approved);

        Assert.All(CmdletTypes.All.Keys, name => Assert.Contains(name.Split('-')[0], approved));
    }

    [Fact]
    public void Nouns_are_singular_and_carry_the_modules_mark()
    {
        Assert.All(CmdletTypes.All.Keys, name =>
        {
            string noun = name.Split('-')[1];
            Assert.StartsWith("Virt", noun, StringComparison.Ordinal);
            Assert.Contains("Audit", noun, StringComparison.Ordinal);
            Assert.False(
                noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) && !noun.EndsWith("us", StringComparison.Ordinal),
                $"{noun} looks like a plural");
        });
    }

    [Fact]
    public void Every_cmdlet_says_what_it_emits_unless_it_emits_nothing()
    {
        Assert.All(CmdletTypes.All, cmdlet => Assert.NotEmpty(cmdlet.Value.GetCustomAttributes<OutputTypeAttribute>()));
    }

    [Fact]
    public void Classes_are_sealed_and_called_after_the_cmdlet()
    {
        Assert.All(CmdletTypes.All, cmdlet =>
        {
            Assert.True(cmdlet.Value.IsSealed, $"{cmdlet.Value.Name} is open");
            Assert.Equal(cmdlet.Key.Replace("-", "", StringComparison.Ordinal) + "Command", cmdlet.Value.Name);
        });
    }

    [Fact]
    public void Parameters_begin_with_a_capital_and_stay_clear_of_the_common_ones()
    {
        foreach ((string name, Type type) in CmdletTypes.All)
        {
            IEnumerable<string> parameters = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any())
                .Select(property => property.Name);
            Assert.All(parameters, parameter =>
            {
                Assert.True(char.IsAsciiLetterUpper(parameter[0]), $"{name} -{parameter}");
                Assert.False(
                    Cmdlet.CommonParameters.Contains(parameter, StringComparer.OrdinalIgnoreCase) || Cmdlet.OptionalCommonParameters.Contains(parameter, StringComparer.OrdinalIgnoreCase),
                    $"{name} -{parameter} is a common parameter");
            });
        }
    }
}
