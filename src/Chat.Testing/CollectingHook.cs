using Chat.Hooks;
using Chat.Scenes;

namespace Chat.Testing;

/// <summary>A hook and guard that keeps what it sees and answers as it is told.</summary>
/// <param name="result">What the hook answers; <see langword="null"/>: pass.</param>
/// <param name="verdict">What the guard answers; <see langword="null"/>: allow.</param>
public sealed class CollectingHook(HookResult? result = null, Verdict? verdict = null) : IMessageHook, IMessageGuard
{
    /// <summary>The messages, in the order they were seen.</summary>
    public Collected<MessageContext> Messages { get; } = new();

    /// <summary>The texts of the messages, in the order they were seen.</summary>
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
