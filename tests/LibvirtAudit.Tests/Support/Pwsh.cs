using System.Reflection;
using System.Runtime.InteropServices;

namespace LibvirtAudit.Tests.Support;

/// <summary>The real pwsh that tests run: the pinned dotnet tool, or the one on PATH where that doesn't fit the machine.</summary>
internal static class Pwsh
{
    /// <summary>Why a test that needs pwsh is skipped.</summary>
    public const string Missing = "no pwsh: the program in the package PowerShell is not for this machine, and there is none on PATH";

    private static readonly string? Found = Pinned() ?? OnPath();

    /// <summary>Whether there is one.</summary>
    public static bool Exists => Found is not null;

    /// <summary>Its path. A test that asks is skipped where there is none.</summary>
    public static string Program
    {
        get
        {
            Assert.SkipUnless(Exists, Missing);
            return Found!;
        }
    }

    /// <summary>
    /// The variables under which it starts from its path, and is found by its name by what it starts: the program is one that
    /// looks for .NET in the places where an installer puts it.
    /// </summary>
    public static Dictionary<string, string> Environment => new()
    {
        ["PATH"] = $"{Path.GetDirectoryName(Program)}{Path.PathSeparator}{System.Environment.GetEnvironmentVariable("PATH")}",
        ["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()),
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        ["POWERSHELL_UPDATECHECK"] = "Off",
    };

    // The package holds a program for Linux and one for Windows, both for x64.
    private static string? Pinned()
    {
        string folder = Metadata("PwshFolder");
        string path = OperatingSystem.IsWindows() ? Path.Combine(folder, "win", "pwsh.exe") : Path.Combine(folder, "unix", "pwsh");
        bool fits = RuntimeInformation.OSArchitecture == Architecture.X64 && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows());
        return fits && File.Exists(path) ? path : null;
    }

    private static string? OnPath() => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
        .FirstOrDefault(File.Exists);

    /// <summary>What the build wrote into the test assembly under that name.</summary>
    public static string Metadata(string key) =>
        typeof(Pwsh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;
}
