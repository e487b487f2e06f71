using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A hook that is a lambda.</summary>
public sealed class DelegateHook : IMessageHook
{
    private readonly Func<MessageContext, ValueTask<HookResult>>? _plain;
    private readonly Func<MessageContext, CancellationToken, ValueTask<HookResult>>? _hook;

    /// <summary>Makes a hook of a lambda.</summary>
    /// <param name="hook">The lambda.</param>
    public DelegateHook(Func<MessageContext, ValueTask<HookResult>> hook) => _plain = hook ?? throw new ArgumentNullException(nameof(hook));

    /// <summary>Makes a hook of a lambda that learns when nobody waits for it any more.</summary>
    /// <param name="hook">The lambda.</param>
    public DelegateHook(Func<MessageContext, CancellationToken, ValueTask<HookResult>> hook) => _hook = hook ?? throw new ArgumentNullException(nameof(hook));

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
        _plain is not null ? _plain(message) : _hook!(message, cancellationToken);
}
