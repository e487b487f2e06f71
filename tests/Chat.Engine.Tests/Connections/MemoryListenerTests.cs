using Chat.Connections;
using Chat.Scenes.Clients;

namespace Chat.Engine.Tests.Connections;

public sealed class MemoryListenerTests : TransportContract
{
    protected override IConnectionListener CreateListener() => new MemoryListener();

    protected override ValueTask<IClientSide> ConnectAsync(
        IConnectionListener listener, CancellationToken cancellationToken) =>
        new(((MemoryListener)listener).Open(cancellationToken).ClientSide);
}
