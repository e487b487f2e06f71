using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Diagnostics;
using Chat.Engine.Inbound;
using Chat.Engine.Sessions;

namespace Chat.Engine.Hosting;

/// <summary>
/// Accepts clients on all listeners, and ends all sessions when the server stops. Bound, opened and closed once, by one
/// caller at a time.
/// </summary>
internal sealed class ConnectionAcceptor(
    InboundServices services, IReadOnlyList<IConnectionListener> listeners, TimeSpan stopTimeout)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _lock = new();
    private readonly HashSet<Session> _sessions = [];
    private readonly TaskCompletionSource<bool> _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Session>? _ended;
    private bool _isClosing;
    private readonly List<IConnectionListener> _bound = [];
    private readonly List<Task> _accepting = [];

    /// <summary>Cancelled when closing begins.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Binds all listeners.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">A listener could not be bound; all are released.</exception>
    public async ValueTask BindAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var listener in listeners)
            {
                await listener.BindAsync(cancellationToken).ConfigureAwait(false);
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
        foreach (var listener in _bound)
        {
            EngineLog.Listening(services.Sessions.Logger, listener.EndPoint);
            var loop = new AcceptLoop(listener, Serve, services.Clock, services.Sessions.Logger);
            _accepting.Add(Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None));
        }
    }

    /// <summary>
    /// Stops accepting, says goodbye to every client and gives them time to read their pending output, then aborts the
    /// remaining connections.
    /// </summary>
    /// <param name="cancellationToken">Aborts the connections at once.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        foreach (var listener in listeners)
        {
            try
            {
                await listener.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                EngineLog.AcceptEnded(services.Sessions.Logger, listener.EndPoint, exception.Message);
            }
        }

        await Task.WhenAll(_accepting).ConfigureAwait(false);

        foreach (var session in BeginClosing())
            session.Stop("The server is stopping. Goodbye.");
        await Task.WhenAny(_allEnded.Task, services.Clock.After(stopTimeout, cancellationToken)).ConfigureAwait(false);
        if (_allEnded.Task.IsCompleted)
            return;
        foreach (var session in BeginClosing())
            session.Break("the server is stopping");
        var aborting = services.Clock.After(TimeSpan.FromSeconds(1), cancellationToken);
        await Task.WhenAny(_allEnded.Task, aborting).ConfigureAwait(false);
    }

    /// <returns>The sessions that have not ended.</returns>
    private List<Session> BeginClosing()
    {
        lock (_lock)
        {
            _isClosing = true;
            if (_sessions.Count == 0)
                _allEnded.TrySetResult(true);
            return [.. _sessions];
        }
    }

    private void Serve(IClientConnection connection)
    {
        // Added before it starts, so that it cannot end before it is known.
        var session = new Session(connection, services.Sessions, _ended ??= Ended);
        lock (_lock)
            _sessions.Add(session);
        ReadLoop.Start(session, connection, services);
    }

    private void Ended(Session session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
            if (_isClosing && _sessions.Count == 0)
                _allEnded.TrySetResult(true);
        }
    }
}
