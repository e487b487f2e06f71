namespace Chat.Engine.Connections;

/// <summary>Logs what happens to connections, so that a storm of connections does not become a storm in the log. Safe
/// from any thread.</summary>
internal sealed class ConnectionLog(TimeProvider clock, ILogger logger)
{
    private const int ManyUnseen = 100;
    private const int ManyClosing = 20;
    private const int ManyTooLong = 20;

    private readonly LogThrottle _unseen = new(clock);
    private readonly LogThrottle _closing = new(clock);
    private readonly LogThrottle _tooLong = new(clock);
    private readonly LogThrottle _full = new(clock);

    /// <summary>A connection ended before it was greeted.</summary>
    public void Unseen()
    {
        if (_unseen.Next() == ManyUnseen + 1)
            EngineLog.UnseenStorm(logger, ManyUnseen);
    }

    /// <summary>A connection is being closed for a reason that an operator may want to know.</summary>
    public void Closing(string connection, string nick, string reason)
    {
        var count = _closing.Next();
        if (count <= ManyClosing)
            EngineLog.Closing(logger, connection, nick, reason);
        else if (count == ManyClosing + 1)
            EngineLog.ClosingStorm(logger, ManyClosing);
    }

    /// <summary>A line was over the limit.</summary>
    public void TooLong(string connection, string nick, int limit)
    {
        if (_tooLong.Next() <= ManyTooLong)
            EngineLog.LineTooLong(logger, connection, nick, limit);
    }

    /// <summary>A connection was turned away because there are as many as there may be.</summary>
    /// <param name="limit">How many there may be.</param>
    public void Full(int limit)
    {
        if (_full.Next() == 1)
            EngineLog.ServerFull(logger, limit);
    }
}
