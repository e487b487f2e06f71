namespace Chat.Hooks;

/// <summary>Sees each final text after all hooks, and may only allow or deny it: no later rewrite can get around a guard.</summary>
public interface IMessageGuard
{
    /// <summary>Decides about one final message.</summary>
    /// <param name="message">The message as it would be sent.</param>
    /// <param name="cancellationToken">Set when the sender's session is ended or the server stops. A sender who just leaves is noticed only after the line.</param>
    /// <returns>The decision; never <see langword="null"/>.</returns>
    /// <remarks>Called as a hook is. An exception blocks the message unless <see cref="HookOptions.OnFailure"/> says otherwise.</remarks>
    ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken);
}
