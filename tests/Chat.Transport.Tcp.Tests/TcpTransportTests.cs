using System.Net.Sockets;
using Chat.Connections;
using Chat.Engine.Tests.Connections;
using Chat.Scenes.Clients;

namespace Chat.Transport.Tcp.Tests;

[TestFixture(true)]
[TestFixture(false)]
public sealed class TcpTransportTests(bool usesLoops) : TransportContract
{
    protected override IConnectionListener CreateListener()
    {
        Assume.That(!usesLoops || OperatingSystem.IsLinux(), "Loops are for Linux.");
        return new TcpConnectionListener(new TcpListenerOptions { Port = 0 }, usesLoops);
    }

    protected override async ValueTask<IClientSide> ConnectAsync(
        IConnectionListener listener, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoint, cancellationToken);
        return new SocketSide(socket);
    }

    private sealed class SocketSide(Socket socket) : IClientSide
    {
        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            try
            {
                return await socket.ReceiveAsync(buffer, cancellationToken);
            }
            catch (SocketException exception)
            {
                throw new IOException(exception.Message, exception);
            }
        }

        public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                while (!bytes.IsEmpty)
                    bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
            catch (SocketException exception)
            {
                throw new IOException(exception.Message, exception);
            }
        }

        public void End() => socket.Shutdown(SocketShutdown.Send);

        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return default;
        }
    }
}
