namespace Chat.Hooks;

/// <summary>The outcome of a message.</summary>
/// <param name="Message">The message in its final state.</param>
/// <param name="Disposition">Whether it was sent.</param>
/// <param name="DecidedBy">The id of the hook or guard that ended it; <see langword="null"/> if it was sent, or if a
/// whisper could not be delivered.</param>
/// <param name="Reason">The reason shown to the sender, or <see langword="null"/>.</param>
public sealed record MessageOutcome(
    MessageContext Message, MessageDisposition Disposition, string? DecidedBy, string? Reason);
