using LibvirtAudit.Format;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Every hostile text in every open field of every body in every carrier: what is read is what was meant, and nothing else.</summary>
public sealed class HostileCarrierTests
{
    public static TheoryData<string> Carriers => [.. Carrier.All.Select(carrier => carrier.Name)];

    [Theory]
    [MemberData(nameof(Carriers))]
    public void What_is_read_is_what_was_meant(string name)
    {
        Carrier carrier = Carrier.All.Single(candidate => candidate.Name == name);
        var wrong = new List<string>();
        int tried = 0;
        foreach (LibvirtBody body in LibvirtBody.All)
        {
            foreach ((string property, bool isEncoded) in body.Open)
            {
                foreach (HostileText hostile in HostileText.All)
                {
                    if (Expected(carrier, hostile, isEncoded) is string meant && body.With(property, hostile.Bytes) is var bytes && bytes.Length <= carrier.Longest)
                    {
                        tried++;
                        string? problem = Check(carrier, carrier.Write(body.Type, bytes), property, Missing(property, meant, isEncoded) ? null : meant, body.Type);
                        if (problem is not null)
                        {
                            wrong.Add($"{hostile.Name} as {property} in '{body.Template}': {problem}");
                        }
                    }
                }
            }
        }

        Assert.True(tried > 1000, $"only {tried} were tried");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n" + string.Join('\n', wrong.Take(10)));
    }

    [Fact]
    public void The_bodies_hold_every_open_field_of_the_grammar()
    {
        string[] open = [.. Grammar.Shapes.SelectMany(shape => shape.Fields)
            .Where(field => field.Form is FieldForm.Encoded or FieldForm.Verbatim && field.Rule != ValueRule.MacAddress && field.Property != RecordField.Model)
            .Select(field => field.Property.ToString()).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(open, LibvirtBody.All.SelectMany(body => body.Open).Select(field => field.Property).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void The_check_notices_a_value_that_is_another(string name)
    {
        Carrier carrier = Carrier.All.Single(candidate => candidate.Name == name);
        LibvirtBody body = LibvirtBody.All[0];
        Assert.NotNull(Check(carrier, carrier.Write(body.Type, body.With("VMName", "web02"u8.ToArray())), "VMName", "web01", body.Type));
    }

    [Fact]
    public void A_name_so_long_that_the_kernel_cuts_the_record_gives_no_result()
    {
        const int KernelLimit = 8560;
        byte[] body = LibvirtBody.All[0].With("VMName", [.. Enumerable.Repeat((byte)' ', 8192)]);
        byte[] message = [.. Carrier.Payload(body).Take(KernelLimit)];
        CollectingSink sink = CollectingSink.Read([[.. "type=VIRT_CONTROL msg=audit(1795359175.823:2047): "u8, .. message, (byte)'\'']], new ReadOptions(RecordFilter.All) { IncludeMalformed = true });
        Assert.Single(sink.Malformed);
        VirtAuditRecord record = Assert.Single(sink.Records);
        Assert.Equal((null, null, null), (record.Result, record.VMName, record.Executable));
    }

    /// <summary>What is wrong with what is read of <paramref name="text"/>; null where nothing is.</summary>
    internal static string? Check(Carrier carrier, byte[] text, string property, string? meant, int type)
    {
        CollectingSink sink = CollectingSink.Read(carrier.IsLine ? [text] : TestData.SplitLines([.. text, (byte)'\n']));
        if (sink.Malformed.Count > 0)
        {
            return "malformed: " + sink.Malformed[0].Defect;
        }

        if (sink.Records.Count != 1)
        {
            return $"{sink.Records.Count} records";
        }

        return Problem(sink.Records[0], property, meant, type, carrier.HasTrailer);
    }

    /// <summary>What is wrong with a record that was made of a plain body with one hostile value; null where nothing is.</summary>
    internal static string? Problem(VirtAuditRecord record, string property, string? meant, int type, bool hasTrailer = true, ulong serial = 2047)
    {
        object? read = typeof(VirtAuditRecord).GetProperty(property)!.GetValue(record);
        string? name = property == nameof(record.VMName) ? meant : "plain";
        (string What, object? Wanted, object? Found)[] facts =
        [
            (property, meant, read), (nameof(record.VMName), name, record.VMName), (nameof(record.Uuid), Guid.Parse(LibvirtBody.Uuid), record.Uuid),
            (nameof(record.Result), "success", record.Result), (nameof(record.Executable), hasTrailer ? Carrier.Executable : null, record.Executable),
            (nameof(record.HostName), null, record.HostName), (nameof(record.Address), null, record.Address), (nameof(record.Terminal), null, record.Terminal),
            (nameof(record.RecordTypeId), type, record.RecordTypeId), (nameof(record.AdditionalFields), null, record.AdditionalFields),
            (nameof(record.UserName), record.UserName is null ? null : "root", record.UserName), (nameof(record.LoginUserName), null, record.LoginUserName),
            (nameof(record.Serial), record.Serial is null ? null : serial, record.Serial), (nameof(record.Delivered), null, record.Delivered),
        ];
        (string What, object? Wanted, object? Found) odd = facts.FirstOrDefault(fact => !Equals(fact.Wanted, fact.Found));
        return odd.What is null ? null : $"{odd.What} is '{PrintableText.Escape(odd.Found?.ToString())}', not '{PrintableText.Escape(odd.Wanted?.ToString())}'";
    }

    private static string? Expected(Carrier carrier, HostileText hostile, bool isEncoded) =>
        isEncoded ? hostile.Text
        // The kernel takes its message for a string of C.
        : hostile.Bytes.Contains((byte)0) ? null : carrier.Shown(hostile.Text);

    /// <summary>Whether a value stands for none: a guest may be called "?" (format.md); of everything else it is the absence.</summary>
    internal static bool Missing(string property, string value, bool isEncoded) =>
        value == "?" && !(isEncoded && property == nameof(VirtAuditRecord.VMName));
}
