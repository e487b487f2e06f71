using Chat.Hooks;

namespace Chat.Commands;

/// <summary>What a command answers. Immutable and made only here.</summary>
/// <remarks>A synchronous command returns it as it is: it converts to a completed <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class CommandResult
{
    private CommandResult(CommandAction action, string text, MessageKind kind = MessageKind.Say, string? recipient = null)
    {
        Action = action;
        Text = text;
        Kind = kind;
        Recipient = recipient;
    }

    /// <summary>Nothing to show.</summary>
    public static CommandResult Done { get; } = new(CommandAction.Done, "");

    /// <summary>What to do with <see cref="Text"/>.</summary>
    public CommandAction Action { get; }

    /// <summary>What to show; empty for <see cref="Done"/>.</summary>
    public string Text { get; }

    /// <summary>How it is spoken, when <see cref="Action"/> is <see cref="CommandAction.Speak"/>.</summary>
    public MessageKind Kind { get; }

    /// <summary>To whom it is whispered, else <see langword="null"/>.</summary>
    public string? Recipient { get; }

    /// <summary>Tells the caller alone.</summary>
    /// <param name="text">May hold several lines parted by <c>\n</c>.</param>
    public static CommandResult Reply(string text) => new(CommandAction.Reply, text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>Tells everyone in the caller's room, in the server's voice.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Announce(string text) => new(CommandAction.Announce, text ?? throw new ArgumentNullException(nameof(text)));

    /// <summary>Says it in the caller's room in the caller's name, through the hooks, as if they had typed it.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Say(string text) => Speak(text, MessageKind.Say, null);

    /// <summary>Does it in the caller's room in the caller's name (<c>/me</c>), through the hooks.</summary>
    /// <param name="text">One line.</param>
    public static CommandResult Emote(string text) => Speak(text, MessageKind.Emote, null);

    /// <summary>Says it to one person in the caller's name (<c>/msg</c>), through the hooks.</summary>
    /// <param name="nick">The person.</param>
    /// <param name="text">One line.</param>
    public static CommandResult Whisper(string nick, string text) =>
        Speak(text, MessageKind.Whisper, nick ?? throw new ArgumentNullException(nameof(nick)));

    /// <summary>Makes a result an already completed task, so that a plain lambda can be a command.</summary>
    /// <param name="result">The result.</param>
    public static implicit operator ValueTask<CommandResult>(CommandResult result) => new(result);

    /// <summary>The same result as a completed task.</summary>
    public ValueTask<CommandResult> ToValueTask() => new(this);

    private static CommandResult Speak(string text, MessageKind kind, string? recipient) =>
        new(CommandAction.Speak, text ?? throw new ArgumentNullException(nameof(text)), kind, recipient);
}
