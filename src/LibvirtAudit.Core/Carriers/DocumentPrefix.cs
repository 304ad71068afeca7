namespace LibvirtAudit.Carriers;

/// <summary>
/// What may stand before a document on its line: json-seq's separator, json-sse's name, syslog's cookie, fluentd's time and tag.
/// </summary>
internal static class DocumentPrefix
{
    /// <summary>What stands before a document in a message of syslog (lumberjack's cookie).</summary>
    public static ReadOnlySpan<byte> Cookie => "@cee:"u8;

    /// <summary>What stands behind the prefix of a message, if it has one; what the prefix says goes to the envelope.</summary>
    public static ReadOnlySpan<byte> Skip(ref Envelope envelope)
    {
        ReadOnlySpan<byte> text = envelope.Message.TrimStart("\u001e "u8);
        text = text.StartsWith("data: "u8) ? text["data: ".Length..] : text;
        if (text.StartsWith(Cookie))
        {
            return text[Cookie.Length..].TrimStart((byte)' ');
        }

        // fluentd's file form: TIME<TAB>TAG<TAB>DOCUMENT.
        int time = text.IndexOf((byte)'\t');
        int tag = time is < 10 or > 40 ? -1 : text[(time + 1)..].IndexOf((byte)'\t');
        if (tag < 0 || !text[(time + tag + 2)..].StartsWith("{"u8))
        {
            return text;
        }

        envelope.Moment = DocumentTime.Read(text[..time]) ?? envelope.Moment;
        ReadOnlySpan<byte> name = text.Slice(time + 1, tag);
        envelope.Speakers = name.StartsWith("kube"u8) || name.StartsWith("docker."u8) || name.StartsWith("container"u8) ? Speaker.Pod
            : envelope.Speakers;
        return text[(time + tag + 2)..];
    }
}
