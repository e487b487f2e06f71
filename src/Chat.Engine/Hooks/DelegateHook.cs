using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>A hook that is a lambda.</summary>
/// <param name="hook">The lambda.</param>
public sealed class DelegateHook(Func<MessageContext, ValueTask<HookResult>> hook) : IMessageHook
{
    private readonly Func<MessageContext, ValueTask<HookResult>> _hook = hook ?? throw new ArgumentNullException(nameof(hook));

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) => _hook(message);
}
