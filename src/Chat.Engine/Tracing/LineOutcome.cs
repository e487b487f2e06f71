using Chat.Hooks;

namespace Chat.Engine.Tracing;

/// <summary>What became of one message: a <see cref="MessageOutcome"/> before anybody wants to see it.</summary>
/// <param name="Message">The message as it was at the end.</param>
/// <param name="Disposition">Whether it is to be sent.</param>
/// <param name="DecidedBy">The id of the hook or guard that ended it.</param>
/// <param name="Reason">What the sender is told.</param>
internal readonly record struct LineOutcome(MessageContext Message, MessageDisposition Disposition, string? DecidedBy, string? Reason);
