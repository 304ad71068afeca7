using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>One hostile text in one open field of one body: a record of its own, known again by its serial and by its writer's process id.</summary>
/// <param name="Number">The record's serial, and the process id of its writer.</param>
/// <param name="Body">What libvirt writes.</param>
/// <param name="Property">The field that holds the text.</param>
/// <param name="IsEncoded">Whether libvirt encodes the field.</param>
/// <param name="Hostile">The text.</param>
internal sealed record HostileCase(int Number, LibvirtBody Body, string Property, bool IsEncoded, HostileText Hostile)
{
    private const int KernelLimit = 8560;

    /// <summary>All that the kernel takes: it takes its message for a string of C, and cuts one that is too long.</summary>
    public static IReadOnlyList<HostileCase> All { get; } =
    [
        .. (from body in LibvirtBody.All
            from field in body.Open
            from hostile in HostileText.All
            where (field.IsEncoded || !hostile.Bytes.Contains((byte)0)) && body.With(field.Property, hostile.Bytes).Length <= KernelLimit
            select (body, field, hostile)).Select((item, index) => new HostileCase(index + 1, item.body, item.field.Property, item.field.IsEncoded, item.hostile)),
    ];

    /// <summary>The body that libvirt makes of it.</summary>
    public byte[] Bytes => Body.With(Property, Hostile.Bytes);

    /// <summary>The line that auditd writes, with a stamp of its own.</summary>
    public byte[] Line => Carrier.Line(Body.Type, Bytes, Stamp, Number);

    /// <summary><c>SEC.MMM:SERIAL</c>, each in a second of its own.</summary>
    public string Stamp => $"{1795359175 + Number}.823:{Number}";

    /// <summary>The value as it stands in auditd's log: a line feed is a blank there.</summary>
    public string AsAuditdWrites => IsEncoded ? Hostile.Text : Hostile.Text.Replace('\n', ' ');

    /// <summary>What is read of a text that shows the value as it was; null where that is the absence of one.</summary>
    public string? Read(string shown) => HostileCarrierTests.Missing(Property, shown, IsEncoded) ? null : shown;

    /// <summary>What is wrong with <paramref name="record"/>, which was made of the case and of which <paramref name="value"/> is to be read; null where nothing is.</summary>
    public string? Problem(VirtAuditRecord record, string? value)
    {
        string? problem = HostileCarrierTests.Problem(record, Property, value, Body.Type, serial: (ulong)Number);
        return problem is null ? null : $"{this}: {problem}";
    }

    public override string ToString() => $"{Hostile.Name} as {Property} in '{Body.Template}'";
}
