using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Chat.Engine.Scheduling;
using Chat.Engine.Tracing;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>
/// The hooks and then the guards in their order, as one set that never changes while a line uses it. A message is folded through the hooks: each sees what the last
/// one left. Then every guard sees each final message. No plugin's frame is ever on the stack of another.
/// </summary>
/// <param name="steps">All hooks, then all guards.</param>
/// <param name="clock">For time budgets of calls that are waited for.</param>
internal sealed class HookPipeline(PipelineStep[] steps, TimeProvider clock)
{
    public static HookPipeline Empty { get; } = new([], TimeProvider.System);

    /// <summary>All hooks and guards in the order they run.</summary>
    public IReadOnlyList<PipelineStep> Bindings => steps;

    /// <summary>What is known of their calls, in the same order.</summary>
    public CallStatistics[] Statistics { get; } = Array.ConvertAll(steps, step => step.Target.Statistics);

    /// <summary>What a trace keeps of them, in the same order.</summary>
    public StepLabel[] Labels { get; } = Array.ConvertAll(steps, step => step.Label);

    /// <summary>Lets go of all hooks and guards: no line runs through here any more but such as are stuck in one, and will not go on.</summary>
    public void LetGo() => Array.Clear(steps, 0, steps.Length);

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

    /// <summary>Runs a line through, from where it stands. Hooks that answer at once are run without a wait or an allocation.</summary>
    /// <param name="run">The line.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <exception cref="LeaseLostException">A call came back too late; somebody else has gone on with the line.</exception>
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

            var target = step.Target;
            if (target.Breaker.IsOpen)
            {
                run.PassBy(step);
                continue;
            }

            if (target.Gate is { } gate && !gate.TryEnter())
                return EnterAsync(gate, run, lease);
            var answer = Call(step, run, lease);
            if (!answer.IsCompletedSuccessfully)
                return FinishAsync(answer, step, run, lease);
            var result = answer.Result;
            if (ReferenceEquals(result, HookResult.Pass))
                run.Pass(step);
            else
                Take(step, result, run);
            target.Gate?.Exit();
        }

        return default;
    }

    /// <summary>Goes on behind the call in which the line's last runner is stuck.</summary>
    /// <param name="run">The line.</param>
    /// <param name="lease">The new runner's lease.</param>
    public ValueTask ResumeAsync(PipelineRun run, Lease lease)
    {
        var step = steps[run.Index];
        Fail(step, run, TimeUp(step));
        return RunAsync(run, lease);
    }

    private static ValueTask<HookResult> Call(PipelineStep step, PipelineRun run, Lease lease)
    {
        var target = step.Target;
        var message = run.Message;
        run.StartCall();
        var depth = message.Depth == 0 ? 0 : CausalDepth.Current;
        if (message.Depth > 0)
            CausalDepth.Current = message.Depth;
        ValueTask<HookResult> answer;
        lease.Enter(target);
        try
        {
            answer = AmbientState.CallAsync(step, message, lease.Token);

            // What stands behind an answer that is not there yet is the plugin's own code too.
            if (!answer.IsCompletedSuccessfully)
                answer = new ValueTask<HookResult>(answer.AsTask());
        }
        catch (Exception exception)
        {
            answer = new ValueTask<HookResult>(Task.FromException<HookResult>(exception));
        }

        lease.Exit(answer.IsCompleted);
        if (message.Depth > 0)
            CausalDepth.Current = depth;
        return answer;
    }

    private static void Take(PipelineStep step, HookResult answer, PipelineRun run)
    {
        if (step.Problem(answer) is { } problem)
            Fail(step, run, new InvalidOperationException(problem));
        else
            run.Apply(step, answer);
    }

    private static void Fail(PipelineStep step, PipelineRun run, Exception exception)
    {
        var fault = step.Target.Fault(exception, step.OnFailure);
        run.Fail(step, exception is TimeoutException ? StepVerdict.TimedOut : StepVerdict.Failed, fault);
    }

    private static TimeoutException TimeUp(PipelineStep step) =>
        new($"it took longer than its time budget of {Durations.Text(step.Target.Budget)}");

    private async ValueTask EnterAsync(AsyncLock gate, PipelineRun run, Lease lease)
    {
        await gate.EnterAsync(lease.Ending).ConfigureAwait(false);

        // It may have gone out of use meanwhile.
        var step = steps[run.Index];
        if (step.Target.Breaker.IsOpen)
        {
            gate.Exit();
        }
        else
        {
            lease.Begin();
            var answer = Call(step, run, lease);
            if (!answer.IsCompletedSuccessfully)
            {
                await FinishAsync(answer, step, run, lease).ConfigureAwait(false);
                return;
            }

            Take(step, answer.Result, run);
            gate.Exit();
        }

        await RunAsync(run, lease).ConfigureAwait(false);
    }

    /// <summary>Waits for an answer that was not there at once, or has failed, and goes on with the line.</summary>
    private async ValueTask FinishAsync(ValueTask<HookResult> answer, PipelineStep step, PipelineRun run, Lease lease)
    {
        try
        {
            Take(step, await WithinBudgetAsync(answer, step, run, lease).ConfigureAwait(false), run);
        }
        catch (OperationCanceledException) when (lease.IsEnding)
        {
            throw;
        }
        catch (Exception exception)
        {
            Fail(step, run, exception);
        }
        finally
        {
            step.Target.Gate?.Exit();
        }

        await RunAsync(run, lease).ConfigureAwait(false);
    }

    private async ValueTask<HookResult> WithinBudgetAsync(ValueTask<HookResult> answer, PipelineStep step, PipelineRun run, Lease lease)
    {
        if (answer.IsCompleted)
            return await answer.ConfigureAwait(false);

        run.StartWaiting();
        var result = await PendingCall.WaitAsync(answer.AsTask(), step.Target, lease, clock).ConfigureAwait(false);
        return result.IsInTime || result.Stopped is not null ? await result.Answer.ConfigureAwait(false) : throw TimeUp(step);
    }
}
