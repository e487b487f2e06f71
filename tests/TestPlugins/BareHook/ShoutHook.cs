using Chat.Hooks;

namespace BareHook;

public sealed class ShoutHook : IMessageHook
{
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
        HookResult.Rewrite(message.Text.ToUpperInvariant());
}
