using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>
/// The time that reading takes grows with the length and no faster: now and then a piece of an input is repeated to a long
/// text and to one eight times as long. Quadratic reading takes 64 times as long for that, linear eight times.
/// </summary>
internal sealed partial class LinearTime(LinearTime.Reader read)
{
    private const int Often = 5000;
    private const int Short = 16 * 1024;
    private const int Longest = Short * Step;
    private const int Step = 4;
    private const int Factor = 8;

    // Halfway (on the scale of powers) between linear and quadratic would be 23.
    private const int MostTimes = 28;
    private const int Tries = 6;
    private const int ClockThreadCpuTime = 3;
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(25);

    public delegate void Reader(ReadOnlySpan<byte> text);

    // The processor's time of this thread alone: others want the processor too.
    private static TimeSpan ThreadTime
    {
        get
        {
            _ = clock_gettime(ClockThreadCpuTime, out TimeSpec time);
            return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
        }
    }

    /// <summary>Checks it of one input in a few thousand.</summary>
    public void Check(ReadOnlySpan<byte> text, ref InputHash choice)
    {
        if (text.Length < 2 || !choice.OneIn(Often))
        {
            return;
        }

        int start = choice.Next(text.Length);
        int length = 1 + choice.Next(Math.Min(text.Length - start, choice.OneIn(2) ? 8 : 128));
        Check(text[..start], text.Slice(start, length), text[(start + length)..]);
    }

    private void Check(ReadOnlySpan<byte> before, ReadOnlySpan<byte> piece, ReadOnlySpan<byte> behind)
    {
        string found = "";
        for (int length = Short; length <= Longest; length *= Step)
        {
            if (IsLinear(Repeat(before, piece, behind, length), Repeat(before, piece, behind, length * Factor), ref found))
            {
                return;
            }
        }

        throw new PropertyException("time is linear in the length", $"{found} '{Encoding.ByteText.GetString(piece)}' repeated at {before.Length}");
    }

    // What only looks so, since others disturb the measurement, does not look so for four times the length as well.
    private bool IsLinear(byte[] small, byte[] large, ref string found)
    {
        TimeSpan shortTime = TimeSpan.MaxValue, longTime = TimeSpan.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            shortTime = Min(shortTime, Time(small));
            longTime = Min(longTime, Time(large));
            if (longTime < Noticeable || longTime < shortTime * MostTimes)
            {
                return true;
            }
        }

        found += string.Create(CultureInfo.InvariantCulture, $"{shortTime.TotalMilliseconds:0.0} ms for {small.Length} bytes, {longTime.TotalMilliseconds:0.0} ms for {large.Length}: ");
        return false;
    }

    private static byte[] Repeat(ReadOnlySpan<byte> before, ReadOnlySpan<byte> piece, ReadOnlySpan<byte> behind, int length)
    {
        byte[] text = new byte[before.Length + (length / piece.Length * piece.Length) + behind.Length];
        before.CopyTo(text);
        for (int position = before.Length; position < text.Length - behind.Length; position += piece.Length)
        {
            piece.CopyTo(text.AsSpan(position));
        }

        behind.CopyTo(text.AsSpan(text.Length - behind.Length));
        return text;
    }

    private TimeSpan Time(byte[] text)
    {
        TimeSpan start = ThreadTime;
        read(text);
        return ThreadTime - start;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
