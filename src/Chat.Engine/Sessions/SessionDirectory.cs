using System.Collections.Concurrent;

namespace Chat.Engine.Sessions;

/// <summary>The sessions by nick and by id. A nick belongs to one session at a time; case does not
/// matter.</summary>
internal sealed class SessionDirectory
{
    private readonly ConcurrentDictionary<string, Session> _byNick = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Session> _byId = new(StringComparer.Ordinal);
    private long _guests;
    private long _sessions;

    /// <summary>All sessions that have been greeted.</summary>
    public IReadOnlyCollection<Session> All => [.. _byId.Values];

    /// <summary>Returns a new session id. The transports' own ids may collide with each other.</summary>
    public string NextId() => $"c{Interlocked.Increment(ref _sessions)}";

    public Session? FindByNick(string nick) => _byNick.TryGetValue(nick, out var session) ? session : null;

    public Session? Find(string id) =>
        _byId.TryGetValue(id, out var session) ? session : null;

    /// <summary>Adds a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="wanted">The nick it wants; <see langword="null"/> for a guest's, which has not been used
    /// before.</param>
    /// <param name="nick">The nick it has now.</param>
    /// <returns>Why it was not added; <see langword="null"/> if it was.</returns>
    public Refused? TryAdd(Session session, string? wanted, out string nick)
    {
        if (wanted is null)
        {
            do
                nick = $"guest{Interlocked.Increment(ref _guests)}";
            while (!_byNick.TryAdd(nick, session));
        }
        else if (NameRules.ProblemWithNick(wanted, out nick) is { } problem)
        {
            return new Refused(RefusalCode.InvalidNick, problem);
        }
        else if (!_byNick.TryAdd(nick, session))
        {
            return new Refused(RefusalCode.NickTaken, nick);
        }

        _byId[session.Id] = session;
        return null;
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
        _byId.TryRemove(session.Id, out _);
    }
}
