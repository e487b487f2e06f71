namespace Chat.Engine.Tracing;

/// <summary>The outcome of one message, from which a <see cref="MessageOutcome"/> is created only on demand.</summary>
/// <param name="Message">The message in its final state.</param>
/// <param name="Disposition">Whether it is to be sent.</param>
/// <param name="DecidedBy">The id of the hook or guard that ended it.</param>
/// <param name="Refusal">What the sender is told.</param>
internal readonly record struct LineOutcome(
    MessageContext Message, MessageDisposition Disposition, string? DecidedBy, Refused? Refusal)
{
    /// <summary>The reason shown to the sender, in words.</summary>
    public string? Reason => Refusal is null ? null : RefusalText.Of(Refusal);
}
