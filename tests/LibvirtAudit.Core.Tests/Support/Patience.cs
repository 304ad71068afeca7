using System.Diagnostics;

namespace LibvirtAudit.Tests.Support;

/// <summary>
/// How long a test waits: far beyond what a busy machine takes. What is not there by then fails the test that waits, with a
/// message that names it, instead of holding the whole run up.
/// </summary>
internal static class Patience
{
    /// <summary>For what comes at once, or within a few seconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>For a program that starts, works and ends.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(150);

    /// <summary>For a test as a whole; none has that much to wait for.</summary>
    public static readonly TimeSpan LongestTest = TimeSpan.FromMinutes(10);

    /// <summary>Waits for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="what">What it does, for the message: "the writer", "the first record".</param>
    /// <param name="longest">How long; <see cref="Longest"/> where it is not said.</param>
    public static async Task<T> Within<T>(this Task<T> task, string what, TimeSpan? longest = null)
    {
        await Within((Task)task, what, longest);
        return await task;
    }

    /// <inheritdoc cref="Within{T}"/>
    public static async Task Within(this Task task, string what, TimeSpan? longest = null)
    {
        try
        {
            await task.WaitAsync(longest ?? Longest);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Over(what, longest ?? Longest);
        }
    }

    /// <summary>Waits until a process has ended; one that doesn't is killed, with those that it started.</summary>
    public static async Task EndOf(Process process, string what, TimeSpan? longest = null)
    {
        using var patience = new CancellationTokenSource(longest ?? Longest);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw Over(what, longest ?? Longest);
        }
    }

    /// <summary>Asks again and again until something holds.</summary>
    public static Task Until(Func<bool> holds, string what) => Until(() => Task.FromResult(holds()), what);

    /// <summary>Asks again and again until something holds.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what)
    {
        for (long start = Stopwatch.GetTimestamp(); !await holds();)
        {
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                throw Over(what, Longest);
            }

            await Task.Delay(5);
        }
    }

    private static TimeoutException Over(string what, TimeSpan longest) => new($"Waited for {what}, in vain for {longest.TotalSeconds:0} s.");
}
