namespace Chat.Engine.Tracing;

/// <summary>The outcome of one message, from which a <see cref="MessageOutcome"/> is created only on demand.</summary>
/// <param name="Message">The message in its final state.</param>
/// <param name="Disposition">Whether it is to be sent.</param>
/// <param name="DecidedBy">The id of the hook or guard that ended it.</param>
/// <param name="Reason">The reason shown to the sender.</param>
internal readonly record struct LineOutcome(
    MessageContext Message, MessageDisposition Disposition, string? DecidedBy, string? Reason);
