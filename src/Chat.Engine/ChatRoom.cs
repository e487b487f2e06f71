namespace Chat.Engine;

/// <summary>A room as the application sees it. Safe from any thread; cheap to create.</summary>
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

    /// <summary>Says a line in the room, through the hooks for <see cref="Chat.Hooks.MessageOrigins.Host"/>.</summary>
    /// <param name="nick">The nick to speak under; no session needs to have it.</param>
    /// <param name="text">One line; control characters are removed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The hooks' replies to the speaker, including refusals; empty if there are none. Completes when the line
    /// has its place in the order, whether or not anyone is there to see it.</returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public ValueTask<IReadOnlyList<string>> SayAsync(
        string nick, string text, CancellationToken cancellationToken = default) =>
        _server.SayAsync(Name, nick, text, cause: null, cancellationToken);

    /// <summary>Announces a line to the room in the server's name. Hooks do not see it.</summary>
    /// <param name="text">One line; control characters are removed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    public ValueTask AnnounceAsync(string text, CancellationToken cancellationToken = default) =>
        _server.AnnounceAsync(Name, text, cause: null, cancellationToken);

    /// <summary>Reads everything that happens in the room from the moment of this call, for one reader, until the
    /// server stops. A reader that falls a whole log behind receives a <see cref="LinesSkipped"/> and continues with
    /// the newest line; nobody ever waits for it.</summary>
    /// <exception cref="InvalidOperationException">The sequence is enumerated a second time.</exception>
    public IAsyncEnumerable<RoomEvent> ReadAsync() => _server.Read(Name);
}
