namespace Chat.Engine.Hooks;

/// <summary>A guard backed by a delegate.</summary>
public sealed class DelegateGuard : IMessageGuard
{
    private readonly Func<MessageContext, ValueTask<Verdict>>? _plain;
    private readonly Func<MessageContext, CancellationToken, ValueTask<Verdict>>? _guard;

    /// <summary>Creates a guard from a delegate.</summary>
    /// <param name="guard">The delegate to call.</param>
    public DelegateGuard(Func<MessageContext, ValueTask<Verdict>> guard) =>
        _plain = guard ?? throw new ArgumentNullException(nameof(guard));

    /// <summary>Creates a guard from a delegate that accepts a cancellation token.</summary>
    /// <param name="guard">The delegate to call. Its token is cancelled when nobody waits for the verdict any
    /// more.</param>
    public DelegateGuard(Func<MessageContext, CancellationToken, ValueTask<Verdict>> guard) =>
        _guard = guard ?? throw new ArgumentNullException(nameof(guard));

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken) =>
        _plain is not null ? _plain(message) : _guard!(message, cancellationToken);
}
