namespace Chat.Engine.Hooks;

/// <summary>The pipeline step of an <see cref="IMessageHook"/>.</summary>
internal sealed class HookStep(IMessageHook hook, CallTarget target, HookOptions options, int maxMessageBytes)
    : PipelineStep(target, options)
{
    private const int MaxMessages = 16;

    public override string Stage => "hook";
    public override bool IsGuard => false;
    protected override FailurePolicy DefaultOnFailure => FailurePolicy.Pass;

    public override ValueTask<HookResult> CallAsync(MessageContext message, CancellationToken cancellationToken) =>
        hook.OnMessageAsync(message, cancellationToken);

    public override string? Problem(HookResult? answer)
    {
        if (answer is null)
            return "the hook returned null instead of a HookResult";
        if (ProblemWithWords(answer) is { } problem)
            return problem;
        switch (answer)
        {
            case { Action: HookAction.Rewrite }:
                return ProblemWithText(answer.Text!);
            case { Action: HookAction.Emit, Messages.Count: > MaxMessages }:
                return $"the hook emitted {answer.Messages.Count} messages for one; the limit is {MaxMessages}";
            case { Action: HookAction.Emit }:
                return answer.Messages
                    .Select(outgoing => ProblemWithText(outgoing?.Text))
                    .FirstOrDefault(problem => problem is not null);
            default:
                return null;
        }
    }

    private string? ProblemWithText(string? text) =>
        MessageText.Problem(CleanText.Line(text ?? ""), maxMessageBytes) is { } problem
            ? $"the text the hook returned is not valid: {RefusalText.ProblemWithText(problem)}"
            : null;
}
