namespace Chat.Engine.Hooks;

/// <summary>The hooks and guards in the order they run; immutable while a line uses it. A message is folded through the
/// hooks: each sees the result of the one before. Then every guard sees each final message. No plugin's frame is ever
/// on the stack of another.</summary>
/// <param name="steps">All hooks, then all guards.</param>
/// <param name="clock">Measures time budgets.</param>
internal sealed class HookPipeline(PipelineStep[] steps, TimeProvider clock)
{
    public static HookPipeline Empty { get; } = new([], TimeProvider.System);

    /// <summary>All hooks and guards in the order they run.</summary>
    public IReadOnlyList<PipelineStep> Steps => steps;

    /// <summary>The call statistics of the steps, in the same order.</summary>
    public CallStatistics[] Statistics { get; } = Array.ConvertAll(steps, step => step.Target.Statistics);

    /// <summary>The trace labels of the steps, in the same order.</summary>
    public StepLabel[] Labels { get; } = Array.ConvertAll(steps, step => step.Label);

    /// <summary>Releases all hooks and guards. Only lines stuck in a plugin still hold the pipeline then, and they do
    /// not continue in it.</summary>
    public void Release() => Array.Clear(steps, 0, steps.Length);

    /// <summary>Returns whether any hook or guard acts on a message.</summary>
    public bool AppliesTo(MessageContext message)
    {
        foreach (var step in steps)
        {
            if (step.AppliesTo(message))
                return true;
        }

        return false;
    }

    /// <summary>Runs a line through the pipeline from its current step. Hooks that complete synchronously cost no wait
    /// and no allocation.</summary>
    /// <param name="run">The line's run.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <exception cref="LeaseLostException">A call returned after its lease was revoked; another runner has taken over
    /// the line.</exception>
    /// <exception cref="OperationCanceledException">The sender has left or the server is stopping.</exception>
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

            var call = new HookCall(step, run);
            var depth = run.Message.Depth;
            if (!PluginCall.TryRun(call, step.Target, lease, clock, depth, out HookResult result, out var pending))
                return FinishAsync(pending, step, run, lease);
            if (ReferenceEquals(result, HookResult.Pass))
                run.Pass(step);
            else
                Take(step, result, run);
        }

        return default;
    }

    /// <summary>Continues after the call that the line's previous runner is stuck in.</summary>
    /// <param name="run">The line's run.</param>
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

    /// <summary>Waits for a call that did not complete synchronously, then continues with the line.</summary>
    private async ValueTask FinishAsync(
        ValueTask<CallOutcome<HookResult>> pending, PipelineStep step, PipelineRun run, Lease lease)
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
            run.Fail(
                step, StepVerdict.TimedOut, $"another call of {step.Identity.Source} took longer than its time budget");
        await RunAsync(run, lease).ConfigureAwait(false);
    }
}
