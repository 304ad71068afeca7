namespace LibvirtAudit.Carriers;

/// <summary>
/// What container runtimes and kubectl put before a program's line: CRI's <c>TIME stdout|stderr F|P LINE</c>,
/// <c>kubectl logs --timestamps</c>'s <c>TIME LINE</c>, <c>--prefix</c>'s <c>[pod/NAME/CONTAINER] LINE</c>.
/// </summary>
internal sealed class ContainerLog : Carrier
{
    private static ReadOnlySpan<byte> PodOpening => "[pod/"u8;

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("CRI, kubectl logs [--timestamps] [--prefix]", "2026-11-22T14:53:07.123456789Z stderr F {\"component\":\"virt-launcher\",…}", "the innermost line's", false, "none: a pod is no host", false, "KubeVirt's virt-launcher, by its JSON's component or the pod's name")
        {
            Remark = "A pod's own text is nobody's audit record. A line that the runtime has split is told as unread.",
        },
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        ReadOnlySpan<byte> text = outer.Text;
        int position = outer.Start;
        Envelope inner = outer;
        inner.Speakers = Speakers.Within(outer.Speakers, Speaker.Pod);
        inner.Depth++;
        if (text[position..].StartsWith(PodOpening))
        {
            int close = text[position..].IndexOf("] "u8);
            if (close < 0)
            {
                return false;
            }

            inner.Speakers = text[(position + PodOpening.Length)..].StartsWith("virt-launcher-"u8) ? (outer.Speakers & Speaker.Libvirt) | inner.Speakers : Speaker.None;
            position += close + 2;
        }

        ReadOnlySpan<byte> time = LineTime.Word(text, position);
        bool hasTime = time.Length >= 20 && time[^1] is (byte)'Z' or (>= (byte)'0' and <= (byte)'9') && LineTime.TryReadIso(time, out long? moment, out _) && SetMoment(ref inner, moment);
        if (hasTime)
        {
            position += time.Length + 1;
            if (position >= text.Length)
            {
                return true;
            }

            ReadOnlySpan<byte> rest = text[position..];
            bool isStream = rest.StartsWith("stdout "u8) || rest.StartsWith("stderr "u8);
            if (isStream && (rest[7..].StartsWith("F "u8) || rest[7..].StartsWith("F:"u8)))
            {
                position += 9;
            }
            else if (isStream)
            {
                return true;
            }
            else if (position == time.Length + 1 + outer.Start && !rest.StartsWith("{"u8))
            {
                // A time and a text: other forms begin so too.
                return false;
            }
        }
        else if (position == outer.Start)
        {
            return false;
        }

        inner.Start = position;
        CarrierTable.Unwrap(inner, sink);
        return true;
    }

    private static bool SetMoment(ref Envelope envelope, long? moment)
    {
        envelope.Moment = moment;
        return moment is not null;
    }
}
