using System.Collections.Concurrent;
using Chat.Engine;

namespace Chat.Testing;

/// <summary>A running chat server with an in-memory transport.</summary>
public sealed class TestChat : IAsyncDisposable
{
    private readonly CancellationToken _cancellationToken;
    private readonly ConcurrentQueue<TestClient> _clients = new();

    private TestChat(ChatServer server, MemoryListener listener, CancellationToken cancellationToken)
    {
        Server = server;
        Listener = listener;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The server.</summary>
    public ChatServer Server { get; }

    /// <summary>Its only transport.</summary>
    public MemoryListener Listener { get; }

    /// <summary>Starts a server that greets clients at once.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <param name="cancellationToken">Cancels every wait of its clients: the token of the test.</param>
    /// <param name="capacity">How many bytes each direction of a connection holds.</param>
    public static async Task<TestChat> StartAsync(
        Action<ChatServerOptions>? configure, CancellationToken cancellationToken,
        int capacity = MemoryListener.DefaultCapacity)
    {
        var listener = new MemoryListener(capacity);

        // A hook that a test holds, or that runs on a busy machine, must not be abandoned.
        var options = new ChatServerOptions
        {
            GreetingDelay = TimeSpan.Zero,
            HookTimeBudget = TimeSpan.FromMinutes(1),
            CallTimeBudget = TimeSpan.FromMinutes(1),
        };
        options.Listeners.Add(listener);
        configure?.Invoke(options);
        var server = new ChatServer(options);
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        return new TestChat(server, listener, cancellationToken);
    }

    /// <summary>Connects a client without reading anything.</summary>
    public TestClient Connect()
    {
        var client = Listener.Connect(_cancellationToken);
        _clients.Enqueue(client);
        return client;
    }

    /// <summary>Connects a client, waits until it has joined, and gives it a nick.</summary>
    /// <param name="nick">The nick.</param>
    /// <returns>The client, with nothing left to read.</returns>
    public async Task<TestClient> EnterAsync(string nick)
    {
        var client = Connect();
        await client.SendLineAsync($"/nick {nick}").ConfigureAwait(false);
        await client.ExpectAsync($" is now {nick}").ConfigureAwait(false);
        return client;
    }

    /// <summary>Connects several clients, each of which has seen the others join.</summary>
    /// <param name="nicks">Their nicks.</param>
    /// <returns>The clients, with nothing left to read.</returns>
    public async Task<TestClient[]> EnterAllAsync(params string[] nicks)
    {
        var clients = new TestClient[nicks.Length];
        for (var index = 0; index < nicks.Length; index++)
            clients[index] = await EnterAsync(nicks[index]).ConfigureAwait(false);
        foreach (var client in clients)
            await client.PingAsync().ConfigureAwait(false);
        return clients;
    }

    /// <summary>Resets the remaining connections and stops the server, without waiting for clients.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Reset();
        return Server.DisposeAsync();
    }
}
