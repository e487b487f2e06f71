using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Hosting;
using Chat.Engine.Inbound;
using Chat.Engine.Protocols;
using Chat.Engine.Sessions;
using Chat.Scenes.Clients;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine.Tests;

/// <summary>What a session needs, without a server around it.</summary>
internal sealed class SomeServices : IAsyncDisposable
{
    private readonly EngineParts _parts;

    public SomeServices(ChatServerOptions? given = null)
    {
        _parts = new EngineParts(
            (given ?? new ChatServerOptions { GreetingDelay = TimeSpan.Zero }).ToSettings(), server: null);
        _ = _parts.Backplane.StartAsync(_parts.Applier.Apply, CancellationToken.None).AsTask();
    }

    public SessionServices Value => _parts.Sessions;

    public InboundServices Inbound => _parts.Inbound;

    public Session NewSession(IClientConnection connection, Action<Session>? onEnded = null) => new(
        new GuardedConnection(connection, NullLogger.Instance),
        new ListenerSettings(new MemoryListener(), new TextProtocol("lobby"), []),
        Value,
        onEnded ?? (_ => { }));

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
