using Chat.Hooks;
using Chat.Scenes;

namespace Chat.Testing;

/// <summary>An observer that keeps every outcome it sees.</summary>
public sealed class CollectingObserver : IMessageObserver
{
    /// <summary>The outcomes, in the order they were seen.</summary>
    public Collected<MessageOutcome> Outcomes { get; } = new();

    /// <inheritdoc/>
    public ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken)
    {
        Outcomes.Add(outcome);
        return default;
    }
}
