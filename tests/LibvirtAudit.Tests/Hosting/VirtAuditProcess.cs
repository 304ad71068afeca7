using System.Diagnostics;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>What a run of virtaudit printed, and how it ended.</summary>
internal sealed record VirtAuditProcess(int ExitCode, string Output, string Errors)
{
    /// <summary>The built program, of the same configuration as the tests.</summary>
    public static string Program { get; } = Path.Combine(
        Repository.PathOf("src/LibvirtAudit.Shell/bin"), Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!, "net10.0", "virtaudit.dll");

    /// <summary>Runs virtaudit in the repository's root, without a terminal.</summary>
    /// <param name="environment">Variables that differ from the tests' own.</param>
    /// <param name="arguments">The arguments.</param>
    public static VirtAuditProcess Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunProgram("dotnet", environment, [Program, .. arguments]);

    /// <summary>Runs another program as <see cref="Run"/> runs virtaudit.</summary>
    /// <param name="program">The program's name or path.</param>
    /// <param name="environment">Variables that differ from the tests' own.</param>
    /// <param name="arguments">The arguments.</param>
    public static VirtAuditProcess RunProgram(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new VirtAuditProcess(process.ExitCode, output, errors.Result);
    }
}
