using System.Text.Json;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>What a script gave in a process of its own.</summary>
internal sealed record ChildResult(string[] ErrorIds, string[] Messages, string[] Warnings, string[] Output);

/// <summary>Runs scripts in a process of its own: with other rights, in another namespace, with a terminal. The process is this test program, with an explicit test that runs the script.</summary>
public sealed class ChildSession
{
    private const string ScriptVariable = "VIRTAUDIT_TEST_SCRIPT";
    private const string ResultVariable = "VIRTAUDIT_TEST_RESULT";

    /// <summary>Runs a script under <paramref name="command"/>, such as <c>unshare -U</c>.</summary>
    /// <param name="folder">Where the child may write.</param>
    /// <param name="script">The script.</param>
    /// <param name="command">What starts the process; it gets the process's own command line behind it.</param>
    /// <param name="terminal">Whether the process has a terminal.</param>
    internal static async Task<ChildResult> Run(string folder, string script, string[] command, bool terminal = false)
    {
        string result = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        string program = Environment.ProcessPath!;
        string[] start = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, "exec", typeof(ChildSession).Assembly.Location] : [program];
        string[] whole = [.. command, .. start, "-explicit", "only", "-method", $"{typeof(ChildSession).FullName}.{nameof(Runs_a_script)}"];
        if (terminal)
        {
            whole = ["script", "-qec", string.Join(' ', whole.Select(word => $"'{word}'")), "/dev/null"];
        }

        ProgramRun run = await ProgramRun.Of(whole, new() { [ScriptVariable] = script, [ResultVariable] = result, ["HOME"] = folder });
        Assert.True(File.Exists(result), run.Output);
        ChildResult child = JsonSerializer.Deserialize<ChildResult>(await File.ReadAllTextAsync(result))!;
        File.Delete(result);
        return child;
    }

    [Fact(Explicit = true)]
    public void Runs_a_script()
    {
        using var host = new ModuleHost();
        ScriptResult result = host.Invoke(Environment.GetEnvironmentVariable(ScriptVariable)!);
        string[] messages = [.. result.Errors.Select(error => error.ToString()).Append(result.TerminatingError?.ToString() ?? "")];
        var child = new ChildResult([.. result.ErrorIds], messages, [.. result.Warnings], [.. result.Output.Select(item => item?.ToString() ?? "")]);
        File.WriteAllText(Environment.GetEnvironmentVariable(ResultVariable)!, JsonSerializer.Serialize(child));
    }
}
