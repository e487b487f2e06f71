namespace Chat.Events;

/// <summary>A private line from one person to another. Both see it, nobody else does.</summary>
/// <param name="From">The sender's nick.</param>
/// <param name="To">The recipient's nick.</param>
/// <param name="Text">One line, free of control characters.</param>
public sealed record Whispered(string From, string To, string Text) : ChatEvent;

/// <summary>The server speaks to one client: a greeting, a reply, a refusal.</summary>
/// <param name="Text">What it says; may hold several lines parted by <c>\n</c>.</param>
public sealed record Notice(string Text) : ChatEvent;
