using System.Net;

namespace Chat.Engine.Hosting;

/// <summary>Lets clients in at all listeners, and sends everyone home at the end. Bound, opened and closed once, by one
/// caller at a time.</summary>
internal sealed class ConnectionAcceptor(InboundServices services, EventApplier applier, EngineSettings settings)
{
    /// <summary>How many connections are told at a time that the server is full. Further ones are closed without a
    /// word.</summary>
    private const int MostTurnedAwayAtOnce = 16;

    private readonly CancellationTokenSource _stopping = new();
    private readonly object _lock = new();
    private readonly TaskCompletionSource<bool> _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<GuardedListener> _listeners =
        [.. settings.Listeners.Select(listener => new GuardedListener(listener.Transport, services.Sessions.Logger))];
    private readonly List<GuardedListener> _bound = [];
    private readonly List<Task> _accepting = [];
    private Action<Session>? _ended;
    private bool _isClosing;
    private int _maxConnections, _connections, _turnedAway;

    /// <summary>Cancelled when closing begins.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Where clients connect to. Exact once <see cref="ListenAsync"/> has completed.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. _listeners.Select(listener => listener.EndPoint)];

    /// <summary>Binds all listeners.</summary>
    /// <exception cref="IOException">One of the addresses cannot be had; none is kept.</exception>
    public async ValueTask ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var listener in _listeners)
            {
                await listener.ListenAsync(cancellationToken).ConfigureAwait(false);
                _bound.Add(listener);
            }
        }
        catch
        {
            foreach (var listener in _bound)
                await listener.DisposeAsync().ConfigureAwait(false);
            _bound.Clear();
            throw;
        }
    }

    /// <summary>Starts accepting connections.</summary>
    public void Open()
    {
        _maxConnections = settings.MaxConnections > 0 ? settings.MaxConnections : DescriptorLimit.RoomForConnections();
        EngineLog.ConnectionLimit(services.Sessions.Logger, _maxConnections);
        for (var index = 0; index < _bound.Count; index++)
        {
            var listener = settings.Listeners[index];
            EngineLog.Listening(services.Sessions.Logger, _bound[index].EndPoint);
            var loop = new AcceptLoop(
                _bound[index], connection => Serve(connection, listener), services.Clock, services.Sessions.Logger);
            _accepting.Add(Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None));
        }
    }

    /// <summary>Accepts nobody any more, says goodbye to everyone, and gives them some time to read what is on its way
    /// to them. Then it breaks the connections that are left.</summary>
    /// <param name="cancellationToken">Breaks the connections at once.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var logger = services.Sessions.Logger;
        await _stopping.CancelOnPoolAsync(
            exception => EngineLog.TransportFailed(logger, exception, "cancelling AcceptAsync")).ConfigureAwait(false);
        foreach (var listener in _listeners)
            await listener.DisposeAsync().ConfigureAwait(false);

        await Task.WhenAll(_accepting).ConfigureAwait(false);

        applier.Stop();
        foreach (var session in BeginClosing())
            session.End("the server is stopping", "The server is stopping. Goodbye.");
        var politely = services.Clock.After(settings.StopTimeout, cancellationToken);
        await Task.WhenAny(_allEnded.Task, politely).ConfigureAwait(false);
        if (_allEnded.Task.IsCompleted)
            return;
        foreach (var session in BeginClosing())
            session.Break("the server is stopping");
        var lastMoment = services.Clock.After(TimeSpan.FromSeconds(1), cancellationToken);
        await Task.WhenAny(_allEnded.Task, lastMoment).ConfigureAwait(false);
    }

    /// <returns>The sessions that have not ended.</returns>
    private IReadOnlyCollection<Session> BeginClosing()
    {
        lock (_lock)
        {
            _isClosing = true;
            if (_connections == 0)
                _allEnded.TrySetResult(true);
            return services.Sessions.Sessions.All;
        }
    }

    private void Serve(GuardedConnection connection, ListenerSettings listener)
    {
        if (TryAdd(connection, listener) is not { } session)
        {
            _ = TurnAwayAsync(connection);
            return;
        }

        ReadLoop.Start(session, services);
    }

    private Session? TryAdd(GuardedConnection connection, ListenerSettings listener)
    {
        lock (_lock)
        {
            if (_connections >= _maxConnections)
                return null;
            _connections++;
            return new Session(connection, listener, services.Sessions, _ended ??= Ended);
        }
    }

    /// <summary>Closes a connection there is no room for. What it takes meanwhile comes out of the reserve, so it is
    /// bounded.</summary>
    private async Task TurnAwayAsync(IClientConnection connection)
    {
        services.Sessions.Connections.Full(_maxConnections);
        if (Interlocked.Increment(ref _turnedAway) > MostTurnedAwayAtOnce)
            connection.Abort();
        else
            await Refusal.Full.AnswerAsync(connection, TimeSpan.FromSeconds(1), services.Clock).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        Interlocked.Decrement(ref _turnedAway);
    }

    private void Ended(Session session)
    {
        lock (_lock)
        {
            if (--_connections == 0 && _isClosing)
                _allEnded.TrySetResult(true);
        }
    }
}
