using System.Collections.Concurrent;
using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Telemetry;

namespace Chat.Engine.Sessions;

/// <summary>Lets clients in, at all listeners, and sends everyone home at the end. Bound, opened and closed once, one caller at a time.</summary>
internal sealed class Reception(SessionServices services)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Session, Task> _sessions = new();
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
            foreach (var listener in services.Options.Listeners)
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
            EngineLog.Listening(services.Logger, listener.EndPoint);
            var loop = new AcceptLoop(listener, Serve, services.Options.Clock, services.Logger);
            _accepting.Add(Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None));
        }
    }

    /// <summary>No one new comes in; everyone is told goodbye and has some time to read what is on its way to them, then the connection is broken.</summary>
    /// <param name="cancellationToken">Breaks the connections at once.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var options = services.Options;
        _stopping.Cancel();
        foreach (var listener in options.Listeners)
            await listener.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_accepting).ConfigureAwait(false);

        foreach (var session in _sessions.Keys)
            session.Stop("The server is stopping. Goodbye.");
        var ended = Task.WhenAll(_sessions.Values);
        await Task.WhenAny(ended, options.Clock.After(options.StopTimeout, cancellationToken)).ConfigureAwait(false);
        if (ended.IsCompleted)
            return;
        foreach (var session in _sessions.Keys)
            session.Break("the server is stopping");
        await Task.WhenAny(ended, options.Clock.After(TimeSpan.FromSeconds(1), cancellationToken)).ConfigureAwait(false);
    }

    private void Serve(IClientConnection connection)
    {
        // Known before it starts, so that it cannot end unknown; and off the accept loop at once.
        var session = new Session(connection, services);
        var serving = new Task<Task>(() => ServeAsync(session));
        _sessions[session] = serving.Unwrap();
        serving.Start(TaskScheduler.Default);
    }

    private async Task ServeAsync(Session session)
    {
        try
        {
            await session.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
        }
    }
}
