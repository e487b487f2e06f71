using Chat.Hooks;
using Chat.Scenes;

namespace Chat.Testing;

/// <summary>A hook that holds each message it is to hold until it is released.</summary>
/// <param name="holds">Which messages to hold; <see langword="null"/>: all.</param>
public sealed class HoldingHook(Predicate<MessageContext>? holds = null) : IMessageHook
{
    private readonly TaskCompletionSource<HookResult> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The messages that were or are held.</summary>
    public Collected<MessageContext> Held { get; } = new();

    /// <summary>Lets all messages go, those to come too.</summary>
    /// <param name="result">What the hook answers; <see langword="null"/>: pass.</param>
    public void Release(HookResult? result = null) => _released.TrySetResult(result ?? HookResult.Pass);

    /// <inheritdoc/>
    public async ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken)
    {
        if (holds is not null && !holds(message))
            return HookResult.Pass;
        Held.Add(message);
        return await _released.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
