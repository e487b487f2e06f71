using System.Collections.Concurrent;

namespace Chat.Engine.Sessions;

/// <summary>The sessions by nick and by connection. A nick belongs to one session at a time; case does not
/// matter.</summary>
internal sealed class SessionDirectory
{
    private readonly ConcurrentDictionary<string, Session> _byNick = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Session> _byConnection = new(StringComparer.Ordinal);
    private long _guests;
    private long _sessions;

    /// <summary>All sessions that have been greeted.</summary>
    public IReadOnlyCollection<Session> All => [.. _byConnection.Values];

    /// <summary>Returns a new session id. The transports' own ids may collide with each other.</summary>
    public string NextId() => $"c{Interlocked.Increment(ref _sessions)}";

    public Session? FindByNick(string nick) => _byNick.TryGetValue(nick, out var session) ? session : null;

    public Session? FindByConnection(string connectionId) =>
        _byConnection.TryGetValue(connectionId, out var session) ? session : null;

    /// <summary>Adds a session under a guest nick that is free and has not been used before.</summary>
    /// <returns>The nick.</returns>
    public string AddGuest(Session session)
    {
        string nick;
        do
            nick = $"guest{Interlocked.Increment(ref _guests)}";
        while (!TryAdd(session, nick));
        return nick;
    }

    /// <summary>Adds a session, unless another one has the nick.</summary>
    public bool TryAdd(Session session, string nick)
    {
        if (!_byNick.TryAdd(nick, session))
            return false;
        _byConnection[session.Id] = session;
        return true;
    }

    /// <summary>Changes a session's nick, unless another session has it.</summary>
    /// <returns>Whether the session has the nick now.</returns>
    public bool TryRename(Session session, string newNick)
    {
        if (string.Equals(session.Nick, newNick, StringComparison.OrdinalIgnoreCase))
            return true;
        if (!_byNick.TryAdd(newNick, session))
            return false;
        _byNick.TryRemove(session.Nick, out _);
        return true;
    }

    public void Remove(Session session)
    {
        ICollection<KeyValuePair<string, Session>> byNick = _byNick;
        byNick.Remove(new KeyValuePair<string, Session>(session.Nick, session));
        _byConnection.TryRemove(session.Id, out _);
    }
}
