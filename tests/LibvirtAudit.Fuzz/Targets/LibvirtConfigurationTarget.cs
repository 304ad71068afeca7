using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>libvirtd.conf: in libvirt's syntax, or refused with a line's number.</summary>
internal sealed class LibvirtConfigurationTarget : FuzzTarget
{
    private readonly Allocation _allocation = new();
    private readonly LinearTime _time = new(text => Read(text));

    public override IReadOnlyList<string> Words => ["audit_level", "audit_logging", " = ", "[ ", " ]", "\"\"\"", "\"", "'", "#", ";", "\n", "\r\n", "1", "-1", "18446744073709551616", ","];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "# comment\naudit_level = 2\naudit_logging = 1\n", "a = \"x\"; b = 'y'\nc = [ \"a\", \"b\",\n 3 ]\naudit_level=0 # end\n", "x = \"\"\"\nmany\nlines\n\"\"\"\naudit_logging = 0\n", "audit_level = -1\n", "",
    }.Select(System.Text.Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        long before = Allocation.Now;
        LibvirtConfiguration? configuration = Read(input);
        _allocation.Check(before, input.Length);
        if (configuration is { AuditLevel: < 0 or > 2 })
        {
            throw new PropertyException("a level is 0, 1 or 2", configuration.ToString());
        }

        _time.Check(input, ref choice);
    }

    private static LibvirtConfiguration? Read(ReadOnlySpan<byte> input)
    {
        try
        {
            return LibvirtConfiguration.Parse(System.Text.Encoding.UTF8.GetString(input));
        }
        catch (FormatException e)
        {
            Shown.Check("the message of a wrong configuration", e.Message);
            return null;
        }
    }
}
