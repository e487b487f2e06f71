namespace Chat.Hooks;

/// <summary>What became of a message.</summary>
/// <param name="Message">The message as it was at the end.</param>
/// <param name="Disposition">Whether it was sent.</param>
/// <param name="DecidedBy">The id of the hook or guard that ended it; <see langword="null"/> when it was sent, and when a whisper could not be delivered.</param>
/// <param name="Reason">What the sender was told, or <see langword="null"/>.</param>
public sealed record MessageOutcome(MessageContext Message, MessageDisposition Disposition, string? DecidedBy, string? Reason);
