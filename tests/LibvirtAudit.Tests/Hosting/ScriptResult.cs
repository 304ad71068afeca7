using System.Management.Automation;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>Everything that one run of a script gave, stream by stream.</summary>
internal sealed class ScriptResult
{
    /// <summary>The success stream.</summary>
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The error stream: non-terminating errors, in order.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    /// <summary>The error that ended the script; null where it ran to its end or was stopped.</summary>
    public required ErrorRecord? TerminatingError { get; init; }

    /// <summary>The warning stream.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The verbose stream: what was written while <c>-Verbose</c> or <c>$VerbosePreference</c> asked for it.</summary>
    public required IReadOnlyList<string> Verbose { get; init; }

    /// <summary>The information stream.</summary>
    public required IReadOnlyList<InformationRecord> Information { get; init; }

    /// <summary>The progress records, in order.</summary>
    public required IReadOnlyList<ProgressRecord> Progress { get; init; }

    /// <summary>Whether the script was stopped before its end.</summary>
    public bool Stopped { get; init; }

    /// <summary>The ids of all errors, the terminating one last, as PowerShell's <c>FullyQualifiedErrorId</c> without the command's name.</summary>
    public IReadOnlyList<string> ErrorIds =>
        [.. Errors.Append(TerminatingError).OfType<ErrorRecord>().Select(error => error.FullyQualifiedErrorId.Split(',')[0])];

    /// <summary>The output's plain values: <c>T</c> where the object is one.</summary>
    /// <exception cref="InvalidCastException">An object is not a <typeparamref name="T"/>.</exception>
    public IReadOnlyList<T> OutputOf<T>() => [.. Output.Select(item => (T)item.BaseObject)];

    /// <summary>One property of every object of the output, in order; null where the object has none of that name.</summary>
    public IReadOnlyList<object?> Values(string property) => [.. Output.Select(item => item.Properties[property]?.Value)];

    /// <summary>Asserts that the script ended by itself and no error was written; gives itself back.</summary>
    public ScriptResult ThrowOnError()
    {
        Assert.Null(TerminatingError?.ToString());
        Assert.Equal([], Errors.Select(error => error.ToString()));
        Assert.False(Stopped, "the script was stopped");
        return this;
    }
}
