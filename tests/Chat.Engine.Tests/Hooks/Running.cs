using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Engine.Tests.Hooks;

/// <summary>Lines through a pipeline, without a sender around it.</summary>
internal static class Running
{
    public static async ValueTask<RunResult> RunAsync(
        this HookPipeline pipeline, MessageContext message, CancellationToken cancellationToken)
    {
        using var watchdog = new Watchdog(
            TimeProvider.System, TimeSpan.FromMinutes(1), new CallProfiler(new ProcessResources()));
        var lease = new Lease(new Nobody(), watchdog, cancellationToken);
        var run = new PipelineRun(recorder: null, TimeProvider.System);
        run.Begin(message, pipeline);
        await pipeline.RunAsync(run, lease);
        run.Complete();
        run.Rest();
        lease.Release();
        return new RunResult(
            [
                .. run.Outcomes.Select(
                    outcome =>
                        new MessageOutcome(outcome.Message, outcome.Disposition, outcome.DecidedBy, outcome.Reason))],
            [.. run.Replies.OfType<Notice>().Select(notice => notice.Text)]);
    }

    private sealed class Nobody : ILeaseOwner
    {
        public void TakeOver(Lease lost) => throw new InvalidOperationException("A hook is stuck.");
    }
}

/// <summary>What became of a line.</summary>
/// <param name="Outcomes">The outcomes.</param>
/// <param name="Replies">What hooks told the sender, refusals left out.</param>
internal sealed record RunResult(IReadOnlyList<MessageOutcome> Outcomes, IReadOnlyList<string> Replies);
