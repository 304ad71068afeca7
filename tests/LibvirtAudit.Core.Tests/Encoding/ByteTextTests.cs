using CsCheck;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Tests;

public sealed class ByteTextTests
{
    [Fact]
    public void Every_byte_sequence_has_one_text_form_that_encodes_back() =>
        Gen.Byte.Array[0, 64].Sample(bytes => ByteText.GetBytes(ByteText.GetString(bytes)).AsSpan().SequenceEqual(bytes));
}
