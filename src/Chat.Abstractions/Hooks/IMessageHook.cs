namespace Chat.Hooks;

/// <summary>Sees each message before it is sent and may pass, rewrite, split, drop or reject it.</summary>
public interface IMessageHook
{
    /// <summary>Decides about one message.</summary>
    /// <param name="message">An immutable snapshot: the text the last hook left, and the original.</param>
    /// <param name="cancellationToken">Set when the sender's session is ended or the server stops. A sender who just leaves is noticed only after the line.</param>
    /// <returns>The decision; never <see langword="null"/>.</returns>
    /// <remarks>
    /// Called from several threads at once, for different senders; for one sender in order and one at a time. Only that
    /// sender waits for it. An exception counts as a fault and has the effect chosen by <see cref="HookOptions.OnFailure"/>.
    /// </remarks>
    ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken);
}
