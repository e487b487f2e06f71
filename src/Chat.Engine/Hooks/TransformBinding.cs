using Chat.Engine.Protocols;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A bound <see cref="IMessageHook"/>.</summary>
internal sealed class TransformBinding(IMessageHook hook, HookIdentity identity, HookOptions options, HookTelemetry telemetry, TimeProvider clock, int maxMessageBytes)
    : HookBinding(identity, options, telemetry, clock)
{
    private const int MaxMessages = 16;

    public override string Stage => "hook";

    protected override FailurePolicy DefaultOnFailure => FailurePolicy.Pass;

    /// <summary>Calls the hook and checks what it returns as user input is checked.</summary>
    /// <returns>The result; or, when the hook failed, a pass or a rejection as its failure policy has it.</returns>
    public async ValueTask<HookResult> InvokeAsync(MessageContext message, CancellationToken cancellationToken)
    {
        var started = Telemetry.Start();
        try
        {
            var result = await WithinBudgetAsync(hook.OnMessageAsync(message, cancellationToken), cancellationToken).ConfigureAwait(false);
            Check(result);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return Fail(exception) ? HookResult.Reject($"Not sent: the hook {Id} failed on it. The operator can see why.") : HookResult.Pass;
        }
        finally
        {
            Telemetry.Stop(started);
        }
    }

    private void Check(HookResult? result)
    {
        switch (result)
        {
            case null:
                throw new InvalidOperationException("the hook returned null instead of a HookResult");
            case { Action: HookAction.Rewrite }:
                CheckText(result.Text!);
                break;
            case { Action: HookAction.Emit, Messages.Count: > MaxMessages }:
                throw new InvalidOperationException($"the hook emitted {result.Messages.Count} messages for one; the limit is {MaxMessages}");
            case { Action: HookAction.Emit }:
                foreach (var outgoing in result.Messages)
                    CheckText(outgoing.Text);
                break;
        }
    }

    private void CheckText(string text)
    {
        if (MessageText.Problem(CleanText.Line(text ?? ""), maxMessageBytes) is { } problem)
            throw new InvalidOperationException($"the text the hook returned is not valid: {problem}");
    }
}
