using Chat.Hooks;

namespace Chat.Engine.Tracing;

/// <summary>What became of a line, or of one of those it was split into.</summary>
/// <param name="Disposition">Whether it was sent.</param>
/// <param name="Text">Its text at the end.</param>
/// <param name="DecidedBy">The hook or guard that ended it; <see langword="null"/> when none did.</param>
/// <param name="Reason">What the sender was told; <see langword="null"/> for nothing.</param>
public sealed record LineEnd(MessageDisposition Disposition, string Text, string? DecidedBy, string? Reason);
