using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A guard that is a lambda.</summary>
/// <param name="guard">The lambda.</param>
public sealed class DelegateGuard(Func<MessageContext, ValueTask<Verdict>> guard) : IMessageGuard
{
    private readonly Func<MessageContext, ValueTask<Verdict>> _guard = guard ?? throw new ArgumentNullException(nameof(guard));

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken) => _guard(message);
}
