using System.Diagnostics;
using System.Text.Json;

namespace LibvirtAudit.Benchmarks.Running;

/// <summary>One of our own works, in a process of its own that stays between the runs: what it takes once it is started and compiled.</summary>
/// <param name="arguments">The work and what it works on.</param>
internal sealed class WorkerContender(params IReadOnlyList<string> arguments) : Contender
{
    private Process? _worker;

    /// <summary>So many that the runtime has compiled for good what runs often.</summary>
    public override int WarmUps => 5;

    /// <summary>The command line that does a work once, for <see cref="ProgramContender"/>.</summary>
    public static IReadOnlyList<string> Once(params IReadOnlyList<string> arguments) => [.. Program, "work", .. arguments];

    /// <inheritdoc/>
    public override Measurement Run()
    {
        _worker ??= Start();
        _worker.StandardInput.WriteLine();
        _worker.StandardInput.Flush();
        string answer = _worker.StandardOutput.ReadLine() ?? throw new ContenderFailedException("ended: " + _worker.StandardError.ReadToEnd());
        return JsonSerializer.Deserialize<Measurement>(answer)!;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_worker is not null)
        {
            _worker.StandardInput.Close();
            _worker.WaitForExit();
            _worker.Dispose();
            _worker = null;
        }

        base.Dispose();
    }

    // Started as 'dotnet NAME.dll' the process is dotnet's.
    private static IReadOnlyList<string> Program =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(WorkerContender).Assembly.Location] : [Environment.ProcessPath!];

    private Process Start()
    {
        string[] command = [.. Once(arguments), "--stay"];
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
