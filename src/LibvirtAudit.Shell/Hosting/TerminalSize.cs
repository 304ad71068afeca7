using System.Runtime.InteropServices;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>How wide things are printed.</summary>
internal static partial class TerminalSize
{
    /// <summary>Columns where the output is no terminal and COLUMNS says nothing: no table of the module is cut at that width.</summary>
    public const int Unlimited = 512;

    private const int Usual = 80;

    /// <summary>Columns of standard output: the terminal's, else what COLUMNS says, else <see cref="Unlimited"/>.</summary>
    public static int Width
    {
        get
        {
            if (!Console.IsOutputRedirected)
            {
                int columns = OperatingSystem.IsLinux() ? AskKernel() : Console.WindowWidth;
                return columns > 0 ? columns : Usual;
            }

            return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int wanted) && wanted > 0 ? wanted : Unlimited;
        }
    }

    // Not Console.WindowWidth, which puts the terminal into application mode.
    private static int AskKernel()
    {
        const int StandardOutput = 1;
        const nuint GetWindowSize = 0x5413;
        return Ioctl(StandardOutput, GetWindowSize, out WinSize size) == 0 ? size.Columns : 0;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, out WinSize size);

    /// <summary>struct winsize of ioctl_tty(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WinSize
    {
        private readonly ushort _rows;

        /// <summary>ws_col.</summary>
        public readonly ushort Columns;

        private readonly ushort _horizontalPixels;
        private readonly ushort _verticalPixels;
    }
}
