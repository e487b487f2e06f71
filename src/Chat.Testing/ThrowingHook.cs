namespace Chat.Testing;

/// <summary>A hook, guard and observer that always throws.</summary>
/// <param name="message">The message of the exception.</param>
public sealed class ThrowingHook(string message = "deliberate") : IMessageHook, IMessageGuard, IMessageObserver
{
    private int _calls;

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
        throw Fault();

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken) =>
        throw Fault();

    /// <inheritdoc/>
    public ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken) => throw Fault();

    private InvalidOperationException Fault()
    {
        Interlocked.Increment(ref _calls);
        return new InvalidOperationException(message);
    }
}
