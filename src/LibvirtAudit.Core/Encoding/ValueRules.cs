using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;

namespace LibvirtAudit.Encoding;

/// <summary>Whether a value is what its field holds.</summary>
internal static partial class ValueRules
{
    /// <summary>The value as it is written: of the type that the field's form has, in the case that libvirt gives it.</summary>
    /// <exception cref="FaultException">The value is not what the field holds, or would break out of it.</exception>
    public static object Check(FieldDefinition field, object value) => field.Form switch
    {
        FieldForm.Uuid => value is Guid ? value : throw new FaultException(FieldFaults.Invalid(field.Property, value, "a UUID")),
        FieldForm.Number when field.Rule == ValueRule.Process && value is FieldDefinition.NoProcess => value,
        FieldForm.Number when value is >= 0L and <= uint.MaxValue => value,
        FieldForm.Number => (long)CheckNumber(field, value, field.Rule == ValueRule.Count ? uint.MaxValue : long.MaxValue),
        FieldForm.LargeNumber => (ulong)CheckNumber(field, value, ulong.MaxValue),
        _ => CheckText(field, Text(field, value)),
    };

    /// <summary>Whether an address has the form that addresses of its bus have; of other buses any form is usual.</summary>
    public static bool IsUsualAddress(string bus, string device) => bus switch
    {
        // What libvirt writes for a redirected device, which has no address on this host.
        "usb" => device == "USB redirdev" || UsbAddress().IsMatch(device),
        "pci" => PciAddress().IsMatch(device),
        "scsi" => ScsiAddress().IsMatch(device),
        "scsi_host" => WorldWideName().IsMatch(device),
        "mdev" => Guid.TryParseExact(device, "D", out _),
        _ => true,
    };

    private static string Text(FieldDefinition field, object value)
    {
        string? text = value as string ?? (IsNumber(value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null);
        if (text is null)
        {
            throw new FaultException(FieldFaults.Invalid(field.Property, value, "a text"));
        }

        // Half a surrogate pair is no text: it could not be read back.
        return IsWhole(text) ? text : throw new FaultException(FieldFaults.Invalid(field.Property, value, "a text that can be written in UTF-8"));
    }

    private static bool IsWhole(string text)
    {
        if (Ascii.IsValid(text))
        {
            return true;
        }

        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    private static string CheckText(FieldDefinition field, string text)
    {
        if (field.Property == RecordField.Result)
        {
            return field.FindWord(text) ?? throw new FaultException(FieldFaults.Invalid(field.Property, text, "one of " + string.Join(", ", field.Values)));
        }

        string written = field.Rule switch
        {
            ValueRule.MacAddress => Matching(field, text.ToLowerInvariant(), MacAddress(), "a MAC address such as 52:54:00:aa:00:01"),
            ValueRule.DeviceNumber => Matching(field, text.ToUpperInvariant(), DeviceNumber(), "a device number: major and minor in hexadecimal, such as 0A:C8"),
            ValueRule.Major => Matching(field, text.ToUpperInvariant(), Major(), "a major number in hexadecimal, such as 88"),
            ValueRule.Access => Matching(field, text, Access(), "an access: letters of rwm, in that order"),
            _ => text,
        };
        if (field.Form == FieldForm.Encoded)
        {
            // Everything else may be empty, but a guest has a name.
            return written.Length > 0 || field.Property != RecordField.VMName ? written : throw new FaultException(FieldFaults.Invalid(field.Property, text, "a guest's name"));
        }

        // A bare question mark is read as no value at all.
        bool isNone = written.Length == 0 || (written == "?" && field.Missing == MissingForm.Never);
        return isNone ? throw new FaultException(FieldFaults.Invalid(field.Property, text, "a value"))
            : SafeText.IsOneWord(written) ? written
            : throw new FaultException(FieldFaults.Unsafe(field, text));
    }

    private static string Matching(FieldDefinition field, string text, Regex form, string wanted) =>
        form.IsMatch(text) ? text : throw new FaultException(FieldFaults.Invalid(field.Property, text, wanted));

    private static decimal CheckNumber(FieldDefinition field, object value, decimal most)
    {
        decimal? number = value switch
        {
            string digits when decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out decimal parsed) => parsed,
            // PowerShell makes doubles of divisions that leave a rest, and of numbers beyond 64 bits.
            double or float => AsWhole(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ when IsNumber(value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
            _ => null,
        };
        return number is decimal whole && whole == decimal.Truncate(whole) && whole >= 0 && whole <= most
            ? whole
            : throw new FaultException(FieldFaults.Invalid(field.Property, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {most}")));
    }

    private static decimal? AsWhole(double number) => double.IsInteger(number) && Math.Abs(number) < 1e18 ? (decimal)number : null;

    private static bool IsNumber(object value) => value is byte or sbyte or short or ushort or int or uint or long or ulong or decimal or double or float;

    [GeneratedRegex(@"\A[0-9a-f]{2}(:[0-9a-f]{2}){5}\z")]
    private static partial Regex MacAddress();

    [GeneratedRegex(@"\A([0-9A-F]{2}|[1-9A-F][0-9A-F]{2,7}):([0-9A-F]{2}|[1-9A-F][0-9A-F]{2,7})\z")]
    private static partial Regex DeviceNumber();

    [GeneratedRegex(@"\A([0-9A-F]{2}|[1-9A-F][0-9A-F]{2,7})\z")]
    private static partial Regex Major();

    [GeneratedRegex(@"\A(?=.)r?w?m?\z")]
    private static partial Regex Access();

    [GeneratedRegex(@"\A\d{3,}\.\d{3,}\z")]
    private static partial Regex UsbAddress();

    [GeneratedRegex(@"\A[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\z")]
    private static partial Regex PciAddress();

    [GeneratedRegex(@"\Ascsi_host\d+:\d+:\d+:\d+\z")]
    private static partial Regex ScsiAddress();

    [GeneratedRegex(@"\Anaa\.[0-9a-f]+\z")]
    private static partial Regex WorldWideName();
}
