using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Targets;
using Chat.Engine.Tracing;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>
/// The hooks and then the guards in their order, as one set that does not change while a line uses it. A message is folded through the hooks: each
/// sees what the one before it left. Then every guard sees each final message. No plugin's frame is ever on the stack of another.
/// </summary>
/// <param name="steps">All hooks, then all guards.</param>
/// <param name="clock">Measures time budgets.</param>
internal sealed class HookPipeline(PipelineStep[] steps, TimeProvider clock)
{
    public static HookPipeline Empty { get; } = new([], TimeProvider.System);

    /// <summary>All hooks and guards in the order they run.</summary>
    public IReadOnlyList<PipelineStep> Steps => steps;

    /// <summary>The statistics of their calls, in the same order.</summary>
    public CallStatistics[] Statistics { get; } = Array.ConvertAll(steps, step => step.Target.Statistics);

    /// <summary>What a trace keeps of them, in the same order.</summary>
    public StepLabel[] Labels { get; } = Array.ConvertAll(steps, step => step.Label);

    /// <summary>Releases all hooks and guards. Only lines that are stuck in one still hold the pipeline, and they will not go on here.</summary>
    public void Release() => Array.Clear(steps, 0, steps.Length);

    /// <summary>Whether any hook or guard wants to see a message.</summary>
    public bool AppliesTo(MessageContext message)
    {
        foreach (var step in steps)
        {
            if (step.AppliesTo(message))
                return true;
        }

        return false;
    }

    /// <summary>Runs a line through the pipeline, from where it stands. Hooks that answer at once cost no wait and no allocation.</summary>
    /// <param name="run">The line.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <exception cref="LeaseLostException">A call returned too late; another runner has taken over the line.</exception>
    /// <exception cref="OperationCanceledException">The sender has gone or the server stops.</exception>
    public ValueTask RunAsync(PipelineRun run, Lease lease)
    {
        lease.Begin();
        while (!run.IsDone)
        {
            if (run.Index == steps.Length)
            {
                run.Send();
                continue;
            }

            var step = steps[run.Index];
            if (!step.AppliesTo(run.Message))
            {
                run.Index++;
                continue;
            }

            if (step.Target.Breaker.IsOpen)
            {
                run.PassBy(step);
                continue;
            }

            if (!PluginCall.TryRun(new HookCall(step, run), step.Target, lease, clock, run.Message.Depth, out HookResult result, out var pending))
                return FinishAsync(pending, step, run, lease);
            if (ReferenceEquals(result, HookResult.Pass))
                run.Pass(step);
            else
                Take(step, result, run);
        }

        return default;
    }

    /// <summary>Goes on behind the call in which the line's last runner is stuck.</summary>
    /// <param name="run">The line.</param>
    /// <param name="lease">The new runner's lease.</param>
    public ValueTask ResumeAsync(PipelineRun run, Lease lease)
    {
        var step = steps[run.Index];
        Fail(step, run, PluginCall.TimeUp(step.Target));
        return RunAsync(run, lease);
    }

    private static void Take(PipelineStep step, HookResult result, PipelineRun run)
    {
        if (step.Problem(result) is { } problem)
            Fail(step, run, new InvalidOperationException(problem));
        else
            run.Apply(step, result);
    }

    private static void Fail(PipelineStep step, PipelineRun run, Exception exception)
    {
        var fault = step.Target.Fault(exception, step.OnFailure);
        run.Fail(step, exception is TimeoutException ? StepVerdict.TimedOut : StepVerdict.Failed, fault);
    }

    /// <summary>Waits for a call that did not answer at once, and goes on with the line.</summary>
    private async ValueTask FinishAsync(ValueTask<CallOutcome<HookResult>> pending, PipelineStep step, PipelineRun run, Lease lease)
    {
        if (!pending.IsCompleted)
            run.StartWaiting();
        var outcome = await pending.ConfigureAwait(false);
        if (outcome.Fault is { } fault)
            Fail(step, run, fault);
        else if (!outcome.IsSkipped)
            Take(step, outcome.Result!, run);
        else if (step.Target.Breaker.IsOpen)
            run.PassBy(step);
        else
            run.Fail(step, StepVerdict.TimedOut, $"another call of {step.Identity.Source} took longer than its time budget");
        await RunAsync(run, lease).ConfigureAwait(false);
    }
}
