using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LibvirtAudit.Shell;

/// <summary>Runs pipelines to their end, one after the other, and stops them from outside.</summary>
internal sealed class PipelineRunner
{
    // Enough to keep the pipeline busy; an unbounded queue would hold all of a large input.
    private const int InputAhead = 4096;

    private readonly Lock _lock = new();
    private Pipeline? _running;
    private bool _stopped;

    /// <summary>Runs a pipeline, its output and errors through PowerShell's formatting; gives what ended it early, null where nothing did.</summary>
    /// <param name="pipeline">The pipeline; it is disposed.</param>
    /// <param name="input">What comes through it, read as it is consumed.</param>
    public Exception? Run(Pipeline pipeline, IEnumerable<object> input)
    {
        using (pipeline)
        {
            pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
            pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true));

            using var ended = new ManualResetEventSlim();
            pipeline.StateChanged += (_, change) =>
            {
                if (change.PipelineStateInfo.State is PipelineState.Completed or PipelineState.Failed or PipelineState.Stopped)
                {
                    ended.Set();
                }
            };

            lock (_lock)
            {
                if (_stopped)
                {
                    return null;
                }

                pipeline.InvokeAsync();
                _running = pipeline;
            }

            // On a thread of its own: reading standard input cannot be cancelled, and must not hold the end up.
            var feed = new Thread(() => Feed(pipeline.Input, input)) { IsBackground = true };
            feed.Start();
            ended.Wait();
            lock (_lock)
            {
                _running = null;
            }

            return pipeline.PipelineStateInfo is { State: PipelineState.Failed, Reason: Exception reason } ? reason : null;
        }
    }

    /// <summary>Stops what runs, or what is about to, and waits for nothing.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            _running?.StopAsync();
        }
    }

    private static void Feed(PipelineWriter pipelineInput, IEnumerable<object> input)
    {
        try
        {
            foreach (object item in input)
            {
                // The writer's own wait handle knows no bound that could be set from outside.
                while (pipelineInput.IsOpen && pipelineInput.Count >= InputAhead)
                {
                    Thread.Sleep(1);
                }

                pipelineInput.Write(item);
            }

            pipelineInput.Close();
        }
        catch (PipelineClosedException)
        {
            // The pipeline ended before its input did.
        }
    }
}
