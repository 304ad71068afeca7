using System.Globalization;

namespace LibvirtAudit.Writing;

/// <summary>
/// What the configuration of one of libvirt's daemons says of auditing.
/// </summary>
/// <param name="AuditLevel">0 nothing is audited; 1 (the default) where the host's audit is on; 2 or more, the daemon does not start without it.</param>
/// <param name="AuditLogging">Whether every record also goes to libvirt's own log.</param>
internal sealed record LibvirtConfiguration(int AuditLevel, bool AuditLogging)
{
    /// <summary>What libvirt does where the file says nothing.</summary>
    public static LibvirtConfiguration Default { get; } = new(1, false);

    /// <summary>
    /// Reads the text of a configuration in libvirt's syntax (<c>src/util/virconf.c</c>): settings <c>name = value</c>
    /// ended by a line end or <c>;</c>, a value being a number, a string in <c>'</c>, <c>"</c> or <c>"""</c>, or a list in
    /// brackets over several lines; comments from <c>#</c> on. Of a setting that stands twice the first counts.
    /// </summary>
    /// <exception cref="FormatException">The text is not in that syntax or a setting has a wrong value; libvirt does not start with such a file.</exception>
    public static LibvirtConfiguration Parse(string text)
    {
        IReadOnlyDictionary<string, string?> numbers = new LibvirtConfigurationReader(text).ReadNumbers();
        ulong level = Number(numbers, "audit_level", uint.MaxValue, (ulong)Default.AuditLevel);
        ulong logging = Number(numbers, "audit_logging", 1, 0);
        return new LibvirtConfiguration((int)Math.Min(level, 2), logging == 1);
    }

    private static ulong Number(IReadOnlyDictionary<string, string?> numbers, string name, ulong most, ulong otherwise)
    {
        if (!numbers.TryGetValue(name, out string? digits))
        {
            return otherwise;
        }

        return ulong.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ulong number) && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} is not a number from 0 to {most}"));
    }
}
