namespace LibvirtAudit.Audit;

/// <summary>
/// What every record of any type begins with: <c>[node=NAME ]type=TYPE msg=audit(STAMP): </c> of auditd and its dispatchers,
/// <c>type=NUMBER audit(STAMP): </c> of the kernel's log, <c>NAME </c> of the journal, and with the local date and the blank
/// before the colon that <c>ausearch -i</c> and audisp-syslog's <c>interpret</c> make of it.
/// </summary>
internal struct EventHeader
{
    private bool _isDamagedVirt;

    /// <summary>Where the node's name stands; a length of 0 where the header has none.</summary>
    public int NodeStart { get; private set; }

    /// <summary>How long the node's name is.</summary>
    public int NodeLength { get; private set; }

    /// <summary>The number of the type; 0 where it is none that is known.</summary>
    public int Type { get; set; }

    /// <summary>Whether the type says that it is of the virtualization range: by its number, or by a name that is none of the range's, so that it is damaged.</summary>
    public readonly bool IsVirt => _isDamagedVirt || RecordTypes.IsVirt(Type);

    /// <summary>Where the stamp stands, <c>SEC.MMM:SERIAL</c>; a length of 0 where it doesn't in that form.</summary>
    public int StampStart { get; private set; }

    /// <summary>How long the stamp is.</summary>
    public int StampLength { get; private set; }

    /// <summary>The event's stamp; null where the text holds none, or one that can't be read.</summary>
    public long? UnixMilliseconds { get; private set; }

    /// <summary>The event's serial; null where the text holds none.</summary>
    public ulong? Serial { get; private set; }

    /// <summary>Whether stamp and values are interpreted.</summary>
    public bool IsInterpreted { get; private set; }

    /// <summary>What is wrong with the header; null where it is whole.</summary>
    public string? Defect { get; private set; }

    /// <summary>Where the record's fields begin.</summary>
    public int Fields { get; private set; }

    /// <summary>Reads <c>[node=NAME ]type=TYPE [msg=]audit(STAMP): </c> from <paramref name="start"/>; false where the text does not begin so.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int start, out EventHeader header)
    {
        header = default;
        ReadOnlySpan<byte> rest = text[start..];
        if (rest.StartsWith("node="u8))
        {
            int blank = rest.IndexOf((byte)' ');
            if (blank < 0)
            {
                return false;
            }

            header.NodeStart = start + "node=".Length;
            header.NodeLength = blank - "node=".Length;
            start += blank + 1;
            rest = text[start..];
        }

        if (!rest.StartsWith("type="u8))
        {
            return false;
        }

        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> type = end < 0 ? rest["type=".Length..] : rest["type=".Length..end];
        header.ReadType(type);
        header.ReadStamp(text, end < 0 ? text.Length : start + end + 1);
        return header.Type != 0 || header.IsVirt || header.UnixMilliseconds is not null;
    }

    /// <summary>Reads <c>NAME </c> from <paramref name="start"/>, as the journal's audit transport has it; false where the text does not begin with a type.</summary>
    public static bool TryReadNamed(ReadOnlySpan<byte> text, int start, out EventHeader header)
    {
        header = default;
        ReadOnlySpan<byte> rest = text[start..];
        int blank = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> name = blank < 0 ? rest : rest[..blank];
        if (name.IsEmpty || name[0] is not (>= (byte)'A' and <= (byte)'Z'))
        {
            return false;
        }

        header.ReadType(name);
        header.Fields = blank < 0 ? text.Length : start + blank + 1;
        return header.Type != 0;
    }

    /// <summary>Reads <c>audit(STAMP): </c> from <paramref name="start"/>, as the multicast group gives it, whose message has the type; false where the text does not begin so.</summary>
    public static bool TryReadStamped(ReadOnlySpan<byte> text, int start, out EventHeader header)
    {
        header = default;
        if (!text[start..].StartsWith("audit("u8))
        {
            return false;
        }

        header.ReadStamp(text, start);
        return true;
    }

    /// <summary>The header of fields alone, which begin at <paramref name="start"/>.</summary>
    public static EventHeader OfFields(int start) => new() { Fields = start };

    private void ReadType(ReadOnlySpan<byte> type)
    {
        Type = RecordTypes.Parse(type);
        _isDamagedVirt = Type == 0 && type.StartsWith("VIRT_"u8);
        Defect = _isDamagedVirt ? "the type is none of the virtualization range" : null;
    }

    private void ReadStamp(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> rest = text[start..];
        int open = rest.StartsWith("msg=audit("u8) ? "msg=audit(".Length : rest.StartsWith("audit("u8) ? "audit(".Length : -1;
        int close = open < 0 ? -1 : rest.IndexOf((byte)')');
        if (close < 0)
        {
            Defect ??= "no stamp 'audit(SECONDS.MILLISECONDS:SERIAL)' follows the type";
            Fields = start;
            return;
        }

        ReadOnlySpan<byte> stamp = rest[open..close];
        if (EventStamp.TryRead(stamp, out long milliseconds, out ulong serial))
        {
            UnixMilliseconds = milliseconds;
            Serial = serial;
            StampStart = start + open;
            StampLength = stamp.Length;
        }
        else if (EventStamp.TryReadInterpreted(stamp, out long? local, out ulong? number))
        {
            IsInterpreted = true;
            UnixMilliseconds = local;
            Serial = number;
        }
        else
        {
            Defect ??= "the stamp is not 'SECONDS.MILLISECONDS:SERIAL'";
        }

        int fields = start + close + 1;
        while (fields < text.Length && text[fields] is (byte)' ' or (byte)':')
        {
            fields++;
        }

        // RHEL 6's kernels: '): user pid=812 uid=0 …'.
        Fields = text[fields..].StartsWith("user pid="u8) ? fields + "user ".Length : fields;
    }
}
