using Chat.Events;

namespace Chat.Commands;

/// <summary>The result of a command. Immutable; instances come from this class only.</summary>
/// <remarks>A synchronous command can return it directly: it converts to a completed
/// <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class CommandResult
{
    private CommandResult(
        CommandAction action, string text, MessageKind kind = MessageKind.Say, string? recipient = null,
        ChatEvent? answer = null)
    {
        Action = action;
        Text = text;
        Kind = kind;
        Recipient = recipient;
        Answer = answer;
    }

    /// <summary>Shows nothing.</summary>
    public static CommandResult Done { get; } = new(CommandAction.Done, "");

    /// <summary>What to do with <see cref="Text"/>.</summary>
    public CommandAction Action { get; }

    /// <summary>The text; empty for <see cref="Done"/>.</summary>
    public string Text { get; }

    /// <summary>The kind of message if <see cref="Action"/> is <see cref="CommandAction.Speak"/>.</summary>
    public MessageKind Kind { get; }

    /// <summary>The recipient of a whisper; otherwise <see langword="null"/>.</summary>
    public string? Recipient { get; }

    /// <summary>The event shown to the caller if <see cref="Action"/> is <see cref="CommandAction.Reply"/>; otherwise
    /// <see langword="null"/>.</summary>
    public ChatEvent? Answer { get; }

    /// <summary>Replies to the caller only.</summary>
    /// <param name="text">The reply; may contain several lines separated by <c>\n</c>.</param>
    public static CommandResult Reply(string text) =>
        new(CommandAction.Reply, text ?? throw new ArgumentNullException(nameof(text)), answer: new Notice(text));

    /// <summary>Shows an event to the caller only, such as <see cref="Refused"/>.</summary>
    /// <param name="answer">The event.</param>
    public static CommandResult Reply(ChatEvent answer) =>
        new(CommandAction.Reply, "", answer: answer ?? throw new ArgumentNullException(nameof(answer)));

    /// <summary>Refuses what the caller wanted. Each protocol words it.</summary>
    /// <param name="code">Why.</param>
    /// <param name="subject">What it is about; which it is depends on the code.</param>
    public static CommandResult Refuse(RefusalCode code, string? subject = null) => Reply(new Refused(code, subject));

    /// <summary>Announces a line to the caller's room, in the name of the server.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Announce(string text) =>
        new(CommandAction.Announce, text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>Says a line in the caller's room and name, through the hooks, as if the caller had typed it.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Say(string text) => Speak(text, MessageKind.Say, null);

    /// <summary>Emotes a line in the caller's room and name (<c>/me</c>), through the hooks.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Emote(string text) => Speak(text, MessageKind.Emote, null);

    /// <summary>Whispers a line to one person in the caller's name (<c>/msg</c>), through the hooks.</summary>
    /// <param name="nick">The recipient's nick.</param>
    /// <param name="text">One line.</param>
    public static CommandResult Whisper(string nick, string text) =>
        Speak(text, MessageKind.Whisper, nick ?? throw new ArgumentNullException(nameof(nick)));

    /// <summary>Converts a result to a completed task, so that a plain lambda can be a command.</summary>
    /// <param name="result">The result.</param>
    public static implicit operator ValueTask<CommandResult>(CommandResult result) => new(result);

    /// <summary>Returns the result as a completed task.</summary>
    public ValueTask<CommandResult> ToValueTask() => new(this);

    private static CommandResult Speak(string text, MessageKind kind, string? recipient) =>
        new(CommandAction.Speak, text ?? throw new ArgumentNullException(nameof(text)), kind, recipient);
}
