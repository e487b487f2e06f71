namespace Chat.Events;

/// <summary>A private message from one person to another. Only the two of them see it.</summary>
/// <param name="From">The sender's nick.</param>
/// <param name="To">The recipient's nick.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Whispered(string From, string To, string Text) : ChatEvent;

/// <summary>A message from the server to one client: a greeting, a reply or a refusal.</summary>
/// <param name="Text">The text; may contain several lines separated by <c>\n</c>.</param>
public sealed record Notice(string Text) : ChatEvent;
