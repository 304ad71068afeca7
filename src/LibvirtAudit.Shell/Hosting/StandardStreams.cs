using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>The three standard streams, past System.Console where that is not Windows.</summary>
/// <remarks>
/// The console's streams put the terminal into application mode and leave it there, and they swallow the error that says
/// that a pipe has lost its reader, so that a command which never ends would write into the void.
/// </remarks>
internal static class StandardStreams
{
    /// <summary>Standard input.</summary>
    public static Stream OpenInput()
    {
        const int Descriptor = 0;
        return Console.IsInputRedirected || OperatingSystem.IsWindows()
            ? Console.OpenStandardInput()
            : new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Read, bufferSize: 0);
    }

    /// <summary>Standard output; writing to it throws <see cref="IOException"/> when it takes no more.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new DescriptorStream(1);

    /// <summary>Standard error; writing to it throws <see cref="IOException"/> when it takes no more.</summary>
    public static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new DescriptorStream(2);

    /// <summary>Whether <paramref name="failure"/> says that a pipe has lost its reader.</summary>
    public static bool IsBrokenPipe(IOException failure) => failure.HResult == DescriptorStream.BrokenPipe;
}
