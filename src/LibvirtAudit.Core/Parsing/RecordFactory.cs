using System.Buffers.Text;
using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Makes the record of what the parser found in a text.</summary>
internal sealed class RecordFactory
{
    private readonly StringPool _pool = new();
    private byte[] _scratch = new byte[512];

    /// <summary>The record of <paramref name="layout"/>, whose slots are places in <paramref name="text"/>.</summary>
    public VirtAuditRecord Create(ReadOnlySpan<byte> text, RecordLayout layout) => new()
    {
        EventId = GetEventId(text, layout),
        UnixMilliseconds = layout.UnixMilliseconds,
        Serial = layout.Serial,
        Node = layout.NodeName ?? GetText(text, layout.Node),
        RecordType = layout.Type == 0 ? null : RecordTypes.GetName(layout.Type),
        RecordTypeId = layout.Type == 0 ? null : layout.Type,
        ProcessId = layout.ProcessId,
        UserId = layout.UserId,
        UserName = GetText(text, layout.UserName),
        LoginUserId = layout.LoginUserId,
        LoginUserName = GetText(text, layout.LoginUserName),
        SessionId = layout.SessionId,
        Subject = GetText(text, layout.Subject),
        Driver = GetText(text, layout[RecordField.Driver]),
        VMName = GetText(text, layout[RecordField.VMName]),
        Uuid = GetUuid(text, layout[RecordField.Uuid]),
        Operation = GetText(text, layout[RecordField.Operation]),
        ResourceType = GetText(text, layout[RecordField.ResourceType]),
        Reason = GetText(text, layout[RecordField.Reason]),
        Result = layout.Outcome ?? GetText(text, layout[RecordField.Result]),
        OldValue = GetValue(text, layout[RecordField.OldValue]),
        NewValue = GetValue(text, layout[RecordField.NewValue]),
        Bus = GetText(text, layout[RecordField.Bus]),
        Device = GetText(text, layout[RecordField.Device]),
        HostDisk = GetText(text, layout[RecordField.HostDisk]),
        HostChardev = GetText(text, layout[RecordField.HostChardev]),
        MacAddress = GetText(text, layout[RecordField.MacAddress]),
        DevicePath = GetText(text, layout[RecordField.DevicePath]),
        DeviceNumber = GetText(text, layout[RecordField.DeviceNumber]),
        Cgroup = GetText(text, layout[RecordField.Cgroup]),
        CgroupClass = GetText(text, layout[RecordField.CgroupClass]),
        Category = GetText(text, layout[RecordField.Category]),
        Major = GetText(text, layout[RecordField.Major]),
        Access = GetText(text, layout[RecordField.Access]),
        Size = GetLargeNumber(text, layout[RecordField.Size]),
        VMProcessId = GetNumber(text, layout[RecordField.VMProcessId]),
        InitProcessId = GetNumber(text, layout[RecordField.InitProcessId]),
        PidNamespace = GetLargeNumber(text, layout[RecordField.PidNamespace]),
        Model = GetText(text, layout[RecordField.Model]),
        VMContext = GetText(text, layout[RecordField.VMContext]),
        ImageContext = GetText(text, layout[RecordField.ImageContext]),
        Executable = GetText(text, layout[RecordField.Executable]),
        HostName = GetText(text, layout[RecordField.HostName]),
        Address = GetText(text, layout[RecordField.Address]),
        Terminal = GetText(text, layout[RecordField.Terminal]),
        Delivered = layout.Delivered,
        AdditionalFields = GetAdditional(text, layout.Additional),
    };

    /// <summary>The text form of the value in <paramref name="slot"/>; null where there is none.</summary>
    public string? GetText(ReadOnlySpan<byte> text, Slot slot) => slot.Kind switch
    {
        SlotKind.Text => _pool.Get(slot.Of(text)),
        SlotKind.Hex => _pool.Get(Decode(slot.Of(text))),
        _ => null,
    };

    public static string? GetEventId(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        if (layout.EventId.HasValue)
        {
            return System.Text.Encoding.ASCII.GetString(layout.EventId.Of(text));
        }

        return layout is { HasEventId: true, UnixMilliseconds: long stamp, Serial: ulong serial }
            ? string.Create(CultureInfo.InvariantCulture, $"{stamp / 1000}.{stamp % 1000:000}:{serial}")
            : null;
    }

    public static Guid? GetUuid(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out Guid uuid, out int used) && used == slot.Length ? uuid : null;

    public static long? GetNumber(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out long number, out int used) && used == slot.Length ? number : null;

    public static ulong? GetLargeNumber(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out ulong number, out int used) && used == slot.Length ? number : null;

    private static string? GetAdditional(ReadOnlySpan<byte> text, List<Slot> fields)
    {
        if (fields.Count == 0)
        {
            return null;
        }

        var joined = new System.Text.StringBuilder();
        foreach (Slot field in fields)
        {
            joined.Append(joined.Length == 0 ? "" : " ").Append(ByteText.GetString(field.Of(text)));
        }

        return joined.ToString();
    }

    private object? GetValue(ReadOnlySpan<byte> text, Slot slot) => slot.Form == FieldForm.Number ? GetNumber(text, slot) : GetText(text, slot);

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> digits)
    {
        int length = digits.Length / 2;
        if (_scratch.Length < length)
        {
            _scratch = new byte[length];
        }

        HexText.Decode(digits, _scratch);
        return _scratch.AsSpan(0, length);
    }
}
