namespace LibvirtAudit.Benchmarks.Running;

/// <summary>A program, from its start to its end.</summary>
/// <param name="command">Its path and its arguments.</param>
/// <param name="output">The file that gets its output.</param>
internal sealed class ProgramContender(IReadOnlyList<string> command, string output) : Contender
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Finds in its output what it counted; null where there is nothing to find.</summary>
    public Func<string, long>? ReadCount { get; init; }

    /// <inheritdoc/>
    public override Measurement Run()
    {
        Measurement run = ProgramRunner.Run(command, output, Limit);
        return run with { Count = ReadCount?.Invoke(output) };
    }
}
