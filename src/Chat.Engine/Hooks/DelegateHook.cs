namespace Chat.Engine.Hooks;

/// <summary>A hook backed by a delegate.</summary>
public sealed class DelegateHook : IMessageHook
{
    private readonly Func<MessageContext, ValueTask<HookResult>>? _plain;
    private readonly Func<MessageContext, CancellationToken, ValueTask<HookResult>>? _hook;

    /// <summary>Creates a hook from a delegate.</summary>
    /// <param name="hook">The delegate to call.</param>
    public DelegateHook(Func<MessageContext, ValueTask<HookResult>> hook) =>
        _plain = hook ?? throw new ArgumentNullException(nameof(hook));

    /// <summary>Creates a hook from a delegate that accepts a cancellation token.</summary>
    /// <param name="hook">The delegate to call. Its token is cancelled when nobody waits for the result any
    /// more.</param>
    public DelegateHook(Func<MessageContext, CancellationToken, ValueTask<HookResult>> hook) =>
        _hook = hook ?? throw new ArgumentNullException(nameof(hook));

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
        _plain is not null ? _plain(message) : _hook!(message, cancellationToken);
}
