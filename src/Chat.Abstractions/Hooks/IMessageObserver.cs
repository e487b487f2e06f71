namespace Chat.Hooks;

/// <summary>Sees what became of each message, off the path: nobody waits for an observer.</summary>
public interface IMessageObserver
{
    /// <summary>Takes note of one outcome.</summary>
    /// <param name="outcome">What was sent or blocked, and by whom.</param>
    /// <param name="cancellationToken">Set when the observer is removed or the server stops.</param>
    /// <remarks>One call at a time, in order. An observer a full log behind is moved on to the newest, and the number of events it missed is logged.</remarks>
    ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken);
}
