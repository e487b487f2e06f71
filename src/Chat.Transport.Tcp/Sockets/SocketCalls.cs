using System.Net.Sockets;
#if !NET
using System.Runtime.InteropServices;
#endif

namespace Chat.Transport.Tcp.Sockets;

/// <summary>The socket calls that the two target frameworks spell differently.</summary>
internal static class SocketCalls
{
#if NET
    public static ValueTask<Socket> AcceptOneAsync(this Socket socket, CancellationToken cancellationToken) =>
        socket.AcceptAsync(cancellationToken);

    public static ValueTask<int> ReceiveSomeAsync(
        this Socket socket, Memory<byte> buffer, CancellationToken cancellationToken) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Waits until there is something to receive: that is when a receive of no bytes completes.</summary>
    public static async ValueTask WaitForBytesAsync(this Socket socket, CancellationToken cancellationToken) =>
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);

    /// <summary>Sends without waiting.</summary>
    /// <returns>How many bytes were taken; 0 with an error.</returns>
    public static int SendNow(this Socket socket, ReadOnlyMemory<byte> bytes, out SocketError error) =>
        socket.Send(bytes.Span, SocketFlags.None, out error);

    public static ValueTask<int> SendSomeAsync(
        this Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        socket.SendAsync(bytes, SocketFlags.None, cancellationToken);

    /// <summary>How many bytes the peer has acknowledged; <see langword="null"/> if the system does not tell.</summary>
    public static long? AcknowledgedBytes(this Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> info = stackalloc byte[TcpInfo.Length];
        return TcpInfo.AcknowledgedBytes(info[..socket.GetRawSocketOption(TcpInfo.Level, TcpInfo.Name, info)]);
    }
#else
    public static async ValueTask<Socket> AcceptOneAsync(this Socket socket, CancellationToken cancellationToken)
    {
        // Without a cancellable accept, disposing the listener ends the wait.
        cancellationToken.ThrowIfCancellationRequested();
        return await socket.AcceptAsync().ConfigureAwait(false);
    }

    public static async ValueTask<int> ReceiveSomeAsync(
        this Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(static state => EndReceiving((Socket)state!), socket))
        {
            var received = await socket.ReceiveAsync(ArrayOf(buffer), SocketFlags.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return received;
        }
    }

    /// <summary>A receive of no bytes does not wait on every platform; the next one does, with its buffer.</summary>
    public static ValueTask WaitForBytesAsync(this Socket socket, CancellationToken cancellationToken) => default;

    private static void EndReceiving(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Ended already.
        }
    }

    public static int SendNow(this Socket socket, ReadOnlyMemory<byte> bytes, out SocketError error)
    {
        var array = ArrayOf(bytes);
        return socket.Send(array.Array!, array.Offset, array.Count, SocketFlags.None, out error);
    }

    /// <summary>The system tells nothing that can be read on every platform.</summary>
    public static long? AcknowledgedBytes(this Socket socket) => null;

    public static async ValueTask<int> SendSomeAsync(
        this Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await socket.SendAsync(ArrayOf(bytes), SocketFlags.None).ConfigureAwait(false);
    }

    private static ArraySegment<byte> ArrayOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var array) ? array : new ArraySegment<byte>(memory.ToArray());
#endif
}
