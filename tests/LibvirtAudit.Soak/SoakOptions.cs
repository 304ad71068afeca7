using System.Globalization;

namespace LibvirtAudit.Soak;

/// <summary>What the command line says.</summary>
/// <param name="Duration">How long the run is.</param>
/// <param name="Folder">Where the logs, the samples and the state are; a run in the same folder goes on where the last one ended.</param>
/// <param name="UsesKernel">Whether the kernel's audit is used as well, in bursts.</param>
internal sealed record SoakOptions(TimeSpan Duration, string Folder, bool UsesKernel)
{
    public const string Usage = "usage: LibvirtAudit.Soak (--minutes N | --seconds N) --folder FOLDER [--no-kernel]";

    /// <summary>Reads the arguments; null where they are none.</summary>
    public static SoakOptions? Parse(string[] arguments)
    {
        TimeSpan? duration = null;
        string? folder = null;
        bool usesKernel = true;
        for (int i = 0; i < arguments.Length; i++)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--minutes" when Number(value) is double minutes:
                    duration = TimeSpan.FromMinutes(minutes);
                    i++;
                    break;
                case "--seconds" when Number(value) is double seconds:
                    duration = TimeSpan.FromSeconds(seconds);
                    i++;
                    break;
                case "--folder" when value.Length > 0:
                    folder = Path.GetFullPath(value);
                    i++;
                    break;
                case "--no-kernel":
                    usesKernel = false;
                    break;
                default:
                    return null;
            }
        }

        return duration is TimeSpan time && folder is not null ? new SoakOptions(time, folder, usesKernel) : null;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 ? number : null;
}
