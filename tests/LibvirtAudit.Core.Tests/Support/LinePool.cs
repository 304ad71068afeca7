namespace LibvirtAudit.Tests.Support;

/// <summary>Lines as logs have them and as they should not be, by a seed.</summary>
internal sealed class LinePool(int seed)
{
    private static readonly byte[][] Audit =
    [
        .. new[] { "qemu-enriched.log", "lxc-enriched.log", "umsg-enriched.log", "samples.log", "selinux-incidents.log", "apparmor-incidents.log" }.SelectMany(TestData.Lines),
    ];

    // Lines that mean something only beside others of their kind.
    private static readonly byte[][][] Groups =
    [
        [.. TestData.Lines("carriers.journal-export.txt")], [.. TestData.Lines("libvirtd-audit-logging.log")],
    ];

    private readonly Random _random = new(seed);

    /// <summary>A line of an audit log, whole or not.</summary>
    public byte[] AuditLine()
    {
        byte[] line = Any(Audit);
        return _random.Next(12) switch
        {
            0 => line[.._random.Next(line.Length + 1)],
            1 => [.. line, (byte)'\r'],
            2 => [.. line[.._random.Next(line.Length + 1)], .. Any(Audit)],
            3 => Changed(line),
            4 => [.. new byte[_random.Next(20)], .. line],
            5 when _random.Next(8) == 0 => [.. line, .. Enumerable.Repeat((byte)'x', _random.Next(100_000))],
            6 => [.. "node=host"u8, (byte)('0' + _random.Next(10)), (byte)' ', .. line],
            _ => line,
        };
    }

    /// <summary>A text of audit lines of at least so many bytes.</summary>
    public byte[] AuditText(int length)
    {
        var text = new MemoryStream();
        while (text.Length < length)
        {
            Write(text, AuditLine());
        }

        return text.ToArray();
    }

    /// <summary>Lines of another carrier, in their order.</summary>
    public byte[] OtherText()
    {
        var text = new MemoryStream();
        foreach (byte[] line in Any(Groups))
        {
            Write(text, line);
        }

        return text.ToArray();
    }

    private static void Write(MemoryStream text, byte[] line)
    {
        text.Write(line);
        text.WriteByte((byte)'\n');
    }

    private T Any<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private byte[] Changed(byte[] line)
    {
        byte[] changed = [.. line];
        for (int i = _random.Next(3); i >= 0 && changed.Length > 0; i--)
        {
            changed[_random.Next(changed.Length)] = Any<byte>([.. "'\"= ?\0\t({"u8, 0x1D, 0x80, (byte)_random.Next(256)]);
        }

        return changed;
    }
}
