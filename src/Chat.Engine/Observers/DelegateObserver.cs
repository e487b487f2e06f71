namespace Chat.Engine.Observers;

/// <summary>An observer backed by a delegate.</summary>
/// <param name="observer">The delegate to call.</param>
public sealed class DelegateObserver(Func<MessageOutcome, ValueTask> observer) : IMessageObserver
{
    private readonly Func<MessageOutcome, ValueTask> _observer =
        observer ?? throw new ArgumentNullException(nameof(observer));

    /// <inheritdoc/>
    public ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken) =>
        _observer(outcome);
}
