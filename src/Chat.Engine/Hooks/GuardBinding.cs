using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A bound <see cref="IMessageGuard"/>.</summary>
internal sealed class GuardBinding(IMessageGuard guard, HookIdentity identity, HookOptions options, HookTelemetry telemetry, TimeProvider clock)
    : HookBinding(identity, options, telemetry, clock)
{
    public override string Stage => "guard";

    protected override FailurePolicy DefaultOnFailure => FailurePolicy.Block;

    /// <summary>Calls the guard.</summary>
    /// <returns>The verdict; or, when the guard failed, the one its failure policy stands for.</returns>
    public async ValueTask<Verdict> InvokeAsync(MessageContext message, CancellationToken cancellationToken)
    {
        var started = Telemetry.Start();
        try
        {
            var verdict = await WithinBudgetAsync(guard.OnSendingAsync(message, cancellationToken), cancellationToken).ConfigureAwait(false);
            return verdict ?? throw new InvalidOperationException("the guard returned null instead of a Verdict");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return Fail(exception) ? Verdict.Deny($"Not sent: the guard {Id} failed on it. The operator can see why.") : Verdict.Allow;
        }
        finally
        {
            Telemetry.Stop(started);
        }
    }
}
