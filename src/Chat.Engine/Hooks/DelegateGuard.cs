using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A guard that is a lambda.</summary>
public sealed class DelegateGuard : IMessageGuard
{
    private readonly Func<MessageContext, ValueTask<Verdict>>? _plain;
    private readonly Func<MessageContext, CancellationToken, ValueTask<Verdict>>? _guard;

    /// <summary>Makes a guard of a lambda.</summary>
    /// <param name="guard">The lambda.</param>
    public DelegateGuard(Func<MessageContext, ValueTask<Verdict>> guard) => _plain = guard ?? throw new ArgumentNullException(nameof(guard));

    /// <summary>Makes a guard of a lambda that learns when nobody waits for it any more.</summary>
    /// <param name="guard">The lambda.</param>
    public DelegateGuard(Func<MessageContext, CancellationToken, ValueTask<Verdict>> guard) => _guard = guard ?? throw new ArgumentNullException(nameof(guard));

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken) =>
        _plain is not null ? _plain(message) : _guard!(message, cancellationToken);
}
