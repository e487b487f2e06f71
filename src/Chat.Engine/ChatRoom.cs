using Chat.Events;

namespace Chat.Engine;

/// <summary>A room as the application sees it. Safe from any thread; costs nothing to make.</summary>
public sealed class ChatRoom
{
    private readonly ChatServer _server;

    internal ChatRoom(ChatServer server, string name)
    {
        _server = server;
        Name = name;
    }

    /// <summary>The room's name.</summary>
    public string Name { get; }

    /// <summary>Says a line in the room, through the hooks that are bound to <see cref="Chat.Hooks.MessageOrigins.Host"/>.</summary>
    /// <param name="nick">In whose name; no one needs to be connected by it.</param>
    /// <param name="text">One line; control characters are removed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Completes when the line has its place in the order; nobody may be there to see it. What hooks tell the speaker, refusals
    /// among it; empty when there is nothing to tell.
    /// </returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public ValueTask<IReadOnlyList<string>> SayAsync(string nick, string text, CancellationToken cancellationToken = default) =>
        _server.SayAsync(Name, nick, text, cause: null, cancellationToken);

    /// <summary>Announces a line to the room in the server's voice. Hooks do not see it.</summary>
    /// <param name="text">One line; control characters are removed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    public ValueTask AnnounceAsync(string text, CancellationToken cancellationToken = default) =>
        _server.AnnounceAsync(Name, text, cause: null, cancellationToken);

    /// <summary>
    /// Everything that happens in the room from the moment of this call, for one reader, until the server stops. A reader that
    /// falls a whole log behind gets a <see cref="LinesSkipped"/> and goes on with the newest; nobody ever waits for it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sequence is enumerated a second time.</exception>
    public IAsyncEnumerable<RoomEvent> ReadAsync() => _server.Read(Name);
}
