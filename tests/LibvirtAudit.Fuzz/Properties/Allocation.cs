using System.Globalization;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>The memory that reading takes is bounded by the length of what is read.</summary>
/// <param name="perByte">How many bytes each byte of input may cost: a field of two bytes costs its place and a string.</param>
/// <param name="once">What any input may cost: a reader's buffers that grow.</param>
internal sealed class Allocation(int perByte = 128, int once = 64 * 1024)
{
    /// <summary>What this thread has allocated so far.</summary>
    public static long Now => GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Whether more was allocated since than an input of <paramref name="length"/> bytes may cost.</summary>
    public bool IsTooMuch(long before, int length) => Now - before > once + ((long)perByte * length);

    /// <summary>Checks that it was not.</summary>
    public void Check(long before, int length)
    {
        if (IsTooMuch(before, length))
        {
            throw new PropertyException("memory is bounded by the length", string.Create(CultureInfo.InvariantCulture, $"{Now - before} bytes for {length}"));
        }
    }
}
