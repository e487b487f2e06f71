namespace Chat.Testing;

/// <summary>A hook and guard that collects the messages it sees.</summary>
/// <param name="result">The result of the hook; <see langword="null"/> to pass.</param>
/// <param name="verdict">The verdict of the guard; <see langword="null"/> to allow.</param>
public sealed class CollectingHook(HookResult? result = null, Verdict? verdict = null) : IMessageHook, IMessageGuard
{
    /// <summary>The messages, in order.</summary>
    public Collected<MessageContext> Messages { get; } = new();

    /// <summary>The texts of the messages, in order.</summary>
    public IReadOnlyList<string> Texts => [.. Messages.All.Select(message => message.Text)];

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken)
    {
        Messages.Add(message);
        return result ?? HookResult.Pass;
    }

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken)
    {
        Messages.Add(message);
        return verdict ?? Verdict.Allow;
    }
}
