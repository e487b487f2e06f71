namespace Chat.Hooks;

/// <summary>Sees the final text of each message, after all hooks, and may only allow or deny it. No later rewrite can
/// bypass a guard.</summary>
public interface IMessageGuard
{
    /// <summary>Allows or denies one message.</summary>
    /// <param name="message">The message as it would be sent.</param>
    /// <param name="cancellationToken">Canceled when the sender's session is ended or the server stops. If the sender
    /// just leaves, that is noticed only after the line.</param>
    /// <returns>The verdict; never <see langword="null"/>.</returns>
    /// <remarks>Called like a hook. An exception blocks the message unless <see cref="HookOptions.OnFailure"/>
    /// specifies otherwise.</remarks>
    ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken);
}
