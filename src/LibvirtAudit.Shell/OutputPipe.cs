using System.Runtime.InteropServices;
using System.Text;

namespace LibvirtAudit.Shell;

/// <summary>Standard output that ends the process without a word when its reader goes away, as <c>head</c> does.</summary>
/// <remarks>
/// .NET's own console passes over what can't be written, so that a command would go on for nobody. The signal that ends other
/// programs is no way either: it would also come where a program that a script pipes into ends before its input does.
/// </remarks>
internal sealed partial class OutputPipe : Stream
{
    /// <summary>128 + SIGPIPE, as shells report it.</summary>
    private const int OutputClosed = 141;

    private const int StandardOutput = 1;

    // Numbers that Linux and macOS share.
    private const int BrokenPipe = 32;
    private const int Interrupted = 4;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Has the console write to it, where standard output is redirected.</summary>
    public static void Use()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            Console.SetOut(new StreamWriter(new OutputPipe(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">There is no room, or writing failed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = Write(StandardOutput, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
            {
                // An orderly exit would wait for the pipeline that is writing.
                Exit(OutputClosed);
            }
            else if (error == WouldBlock)
            {
                // Another program left the pipe in non-blocking mode.
                Thread.Sleep(1);
            }
            else if (error != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
