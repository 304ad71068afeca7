using System.Buffers;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>What <c>journalctl</c> prints between the lines of two boots: <c>-- Boot ID --</c>, and <c>-- Reboot --</c> before systemd 247.</summary>
internal sealed class BootMark : Carrier
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms => [];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> EventMarks { get; } = [new("-- Boot "u8, 3), new("-- Reboot --"u8, 3)];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        ReadOnlySpan<byte> line = outer.Message;
        bool isMark = outer is { Start: 0, Depth: 0 } && (line.SequenceEqual("-- Reboot --"u8)
            || (line.StartsWith("-- Boot "u8) && line.EndsWith(" --"u8) && line.Length > 11 && !line["-- Boot ".Length..^3].ContainsAnyExcept(HexDigits)));
        if (isMark)
        {
            sink.OnBootMark();
        }

        return isMark;
    }
}
