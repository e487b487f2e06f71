namespace Chat.Plugins;

/// <summary>Speaks in the chat. Safe from any thread, at any time until the plugin is removed; then it does nothing.</summary>
public interface IChatVoice
{
    /// <summary>Says a line in a room, through the hooks that listen to <see cref="Hooks.MessageOrigins.Hook"/>.</summary>
    /// <param name="room">The room; nothing happens when nobody is in it.</param>
    /// <param name="nick">In whose name, 1 to 24 printable characters; no one needs to be connected by it.</param>
    /// <param name="text">One line; checked as user input is.</param>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    ValueTask SayAsync(string room, string nick, string text);

    /// <summary>Announces a line to a room in the server's voice. Hooks do not see it.</summary>
    /// <param name="room">The room; nothing happens when nobody is in it.</param>
    /// <param name="text">One line; checked as user input is.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    ValueTask AnnounceAsync(string room, string text);

    /// <summary>Tells one person something that nobody else sees.</summary>
    /// <param name="nick">Whom.</param>
    /// <param name="text">What; may hold several lines parted by <c>\n</c>.</param>
    /// <returns><see langword="false"/> when no one of that nick is connected, or they have too much unread already.</returns>
    ValueTask<bool> TellAsync(string nick, string text);
}
