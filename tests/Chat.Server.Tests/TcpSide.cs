using System.Net;
using System.Net.Sockets;
using Chat.Scenes.Clients;

namespace Chat.Server.Tests;

/// <summary>A client's end of a real socket.</summary>
internal sealed class TcpSide(Socket socket) : IClientSide
{
    public static async Task<TcpSide> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new TcpSide(socket);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        BrokenAsync(socket.ReceiveAsync(buffer, cancellationToken));

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await BrokenAsync(socket.SendAsync(bytes, cancellationToken))..];
    }

    public void End()
    {
        // The server may have closed the connection already.
        if (socket.Connected)
            socket.Shutdown(SocketShutdown.Send);
    }

    public void Reset() => socket.Close(0);

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }

    private static async ValueTask<int> BrokenAsync(ValueTask<int> transfer)
    {
        try
        {
            return await transfer;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
