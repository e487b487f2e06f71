using System.Collections.Concurrent;

namespace Chat.Engine.Sessions;

/// <summary>The sessions of this server by id, and the owners of all nicks on all servers. A nick belongs to one
/// session at a time; case does not matter.</summary>
/// <param name="node">The server's name among those that share the backplane.</param>
internal sealed class SessionDirectory(string node)
{
    private readonly ConcurrentDictionary<string, Sender> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private long _lastGuest;
    private long _lastId;

    /// <summary>The nicks of everyone on all servers.</summary>
    public IEnumerable<string> Nicks => _owners.Values.Select(owner => owner.Nick);

    /// <summary>Returns a new session id, unique among all servers. The transports' own ids may collide with each
    /// other.</summary>
    public string NextId()
    {
        var number = $"c{Interlocked.Increment(ref _lastId)}";
        return node.Length == 0 ? number : $"{node}-{number}";
    }

    /// <summary>Returns a guest's nick that has not been used before.</summary>
    public string NextGuest()
    {
        string nick;
        do
            nick = $"guest{Interlocked.Increment(ref _lastGuest)}";
        while (_owners.ContainsKey(nick));
        return nick;
    }

    /// <summary>All sessions, signed in or not.</summary>
    public IReadOnlyCollection<Session> All => [.. _sessions.Values];

    public void Add(Session session) => _sessions[session.Id] = session;

    public void Remove(Session session) => _sessions.TryRemove(session.Id, out _);

    public Session? Find(string id) => _sessions.TryGetValue(id, out var session) ? session : null;

    /// <summary>Returns the session that has typed a command.</summary>
    public Session Caller(CommandCall call) =>
        Find(call.SessionId) ?? throw new InvalidOperationException($"No session has the id {call.SessionId}.");

    public Session? FindByNick(string nick) => OwnerOf(nick) is { } owner ? Find(owner.SessionId) : null;

    /// <summary>Returns the owner of a nick, on whichever server.</summary>
    public Sender? OwnerOf(string nick) => _owners.TryGetValue(nick, out var owner) ? owner : null;

    /// <summary>Gives a nick to a session, unless another has it.</summary>
    public void Claim(Sender claiming) => _owners.AddOrUpdate(
        claiming.Nick, claiming, (_, owner) => owner.SessionId == claiming.SessionId ? claiming : owner);

    /// <summary>Takes a nick from a session, unless another has it.</summary>
    public void Release(Sender releasing)
    {
        if (OwnerOf(releasing.Nick)?.SessionId == releasing.SessionId)
            _owners.TryRemove(releasing.Nick, out _);
    }
}
