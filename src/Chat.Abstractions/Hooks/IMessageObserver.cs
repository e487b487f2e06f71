namespace Chat.Hooks;

/// <summary>Sees the outcome of each message, off the message's path: nobody waits for an observer.</summary>
public interface IMessageObserver
{
    /// <summary>Observes one outcome.</summary>
    /// <param name="outcome">The message, whether it was sent or blocked, and by which hook or guard.</param>
    /// <param name="cancellationToken">Canceled when the observer is removed or the server stops.</param>
    /// <remarks>One call at a time, in order. An observer that falls behind by a full log skips ahead to the newest
    /// event, and the number of missed events is logged.</remarks>
    ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken);
}
