using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Diagnostics;
using Chat.Engine.Inbound;
using Chat.Engine.Sessions;

namespace Chat.Engine.Hosting;

/// <summary>Lets clients in, at all listeners, and sends everyone home at the end. Bound, opened and closed once, one caller at a time.</summary>
internal sealed class ConnectionAcceptor(InboundServices services, IReadOnlyList<IConnectionListener> listeners, TimeSpan stopTimeout)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly object _lock = new();
    private readonly HashSet<Session> _sessions = [];
    private readonly TaskCompletionSource<bool> _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Session>? _ended;
    private bool _isClosing;
    private readonly List<IConnectionListener> _bound = [];
    private readonly List<Task> _accepting = [];

    /// <summary>Set when it begins to close.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Takes all addresses.</summary>
    /// <exception cref="IOException">One of them cannot be had; none is kept.</exception>
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

    /// <summary>Begins to accept.</summary>
    public void Open()
    {
        foreach (var listener in _bound)
        {
            EngineLog.Listening(services.Sessions.Logger, listener.EndPoint);
            var loop = new AcceptLoop(listener, Serve, services.Clock, services.Sessions.Logger);
            _accepting.Add(Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None));
        }
    }

    /// <summary>No one new comes in; everyone is told goodbye and has some time to read what is on its way to them, then the connection is broken.</summary>
    /// <param name="cancellationToken">Breaks the connections at once.</param>
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
        await Task.WhenAny(_allEnded.Task, services.Clock.After(TimeSpan.FromSeconds(1), cancellationToken)).ConfigureAwait(false);
    }

    /// <returns>Who is still here.</returns>
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
        // Known before it starts, so that it cannot end unknown.
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
