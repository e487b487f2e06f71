namespace Chat.Hooks;

/// <summary>Sees each message before it is sent and may pass, rewrite, replace, drop or reject it.</summary>
public interface IMessageHook
{
    /// <summary>Processes one message.</summary>
    /// <param name="message">An immutable snapshot: the text as left by the previous hook, and the original.</param>
    /// <param name="cancellationToken">Canceled when the sender's session is ended or the server stops. If the sender
    /// just leaves, that is noticed only after the line.</param>
    /// <returns>The result; never <see langword="null"/>.</returns>
    /// <remarks>Called from several threads at once for different senders; for one sender in order and one at a time.
    /// Only that sender waits for it. An exception counts as a fault; <see cref="HookOptions.OnFailure"/> determines
    /// its effect.</remarks>
    ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken);
}
