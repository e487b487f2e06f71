namespace Chat.Engine.Tracing;

/// <summary>The outcome of a line, or of one of the messages it was split into.</summary>
/// <param name="Disposition">Whether it was sent.</param>
/// <param name="Text">The final text.</param>
/// <param name="DecidedBy">The hook or guard that ended it; <see langword="null"/> if none did.</param>
/// <param name="Reason">The reason shown to the sender; <see langword="null"/> if there is none.</param>
public sealed record LineEnd(MessageDisposition Disposition, string Text, string? DecidedBy, string? Reason);
