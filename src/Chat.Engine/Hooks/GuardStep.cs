namespace Chat.Engine.Hooks;

/// <summary>The pipeline step of an <see cref="IMessageGuard"/>.</summary>
internal sealed class GuardStep(IMessageGuard guard, CallTarget target, HookOptions options)
    : PipelineStep(target, options)
{
    public override string Stage => "guard";
    public override bool IsGuard => true;
    protected override FailurePolicy DefaultOnFailure => FailurePolicy.Block;

    public override ValueTask<HookResult> CallAsync(MessageContext message, CancellationToken cancellationToken)
    {
        var verdict = guard.OnSendingAsync(message, cancellationToken);
        return verdict.IsCompletedSuccessfully
            ? new ValueTask<HookResult>(ToResult(verdict.Result))
            : WaitAsync(verdict);
    }

    public override string? Problem(HookResult? answer) =>
        answer is null ? "the guard returned null instead of a Verdict" : ProblemWithWords(answer);

    private static async ValueTask<HookResult> WaitAsync(ValueTask<Verdict> verdict) =>
        ToResult(await verdict.ConfigureAwait(false));

    private static HookResult ToResult(Verdict? verdict) =>
        verdict is null ? null! : verdict.Reason is { } reason ? HookResult.Reject(reason) : HookResult.Pass;
}
