namespace Chat.Testing;

/// <summary>An observer that collects the outcomes it sees.</summary>
public sealed class CollectingObserver : IMessageObserver
{
    /// <summary>The outcomes, in order.</summary>
    public Collected<MessageOutcome> Outcomes { get; } = new();

    /// <inheritdoc/>
    public ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken)
    {
        Outcomes.Add(outcome);
        return default;
    }
}
