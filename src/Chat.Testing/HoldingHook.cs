namespace Chat.Testing;

/// <summary>A hook that holds messages until they are released.</summary>
/// <param name="holds">Which messages to hold; <see langword="null"/> for all.</param>
public sealed class HoldingHook(Predicate<MessageContext>? holds = null) : IMessageHook
{
    private readonly TaskCompletionSource<HookResult> _released =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The messages that are or were held.</summary>
    public Collected<MessageContext> Held { get; } = new();

    /// <summary>Releases all messages, including those to come.</summary>
    /// <param name="result">The result of the hook; <see langword="null"/> to pass.</param>
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
