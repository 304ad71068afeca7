using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LibvirtAudit.Fuzz.Input;

/// <summary>
/// Memory behind which there is none: an input is placed so that it ends where a page begins that nobody may touch. A
/// reader that reads one byte behind its input ends the process. The memory is a file's, so that the input outlives that.
/// </summary>
internal sealed unsafe partial class GuardedInput : IDisposable
{
    private const int ProtNone = 0, ProtReadWrite = 3, MapShared = 1, MapPrivate = 2, MapFixed = 0x10, MapAnonymous = 0x20;
    private readonly nuint _size;
    private readonly byte* _end;
    private readonly byte* _start;

    /// <summary>Makes room for inputs of up to <paramref name="longest"/> bytes.</summary>
    /// <param name="longest">The longest input.</param>
    /// <param name="path">The file that keeps what is read at the moment: its length in four bytes at the front, the input at the end. None where it is null.</param>
    public GuardedInput(int longest, string? path)
    {
        int page = Environment.SystemPageSize;
        _size = (nuint)((longest + sizeof(int) + page - 1) / page * page);
        _start = Checked(mmap(null, _size + (nuint)page, ProtNone, MapPrivate | MapAnonymous, -1, 0));
        if (path is null)
        {
            Checked(mmap(_start, _size, ProtReadWrite, MapPrivate | MapAnonymous | MapFixed, -1, 0));
        }
        else
        {
            using FileStream file = File.Open(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
            file.SetLength((long)_size);
            Checked(mmap(_start, _size, ProtReadWrite, MapShared | MapFixed, (int)file.SafeFileHandle.DangerousGetHandle(), 0));
        }

        _end = _start + _size;
    }

    /// <summary>A copy of <paramref name="input"/> at the end of the memory; it is good until the next.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> input)
    {
        var placed = new Span<byte>(_end - input.Length, input.Length);
        input.CopyTo(placed);
        *(int*)_start = input.Length;
        return placed;
    }

    /// <summary>What the file of a process that ended had placed last.</summary>
    public static byte[] Recover(string path)
    {
        byte[] memory = File.ReadAllBytes(path);
        return memory[^BitConverter.ToInt32(memory)..];
    }

    public void Dispose() => _ = munmap(_start, _size + (nuint)Environment.SystemPageSize);

    private static byte* Checked(void* address) => (nint)address != -1 ? (byte*)address : throw new Win32Exception();

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);
}
