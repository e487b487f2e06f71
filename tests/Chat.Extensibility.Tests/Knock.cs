using System.Net;
using Chat.Connections;
using Chat.Scenes.Clients;

namespace Chat.Extensibility.Tests;

/// <summary>A layer with a handshake: the client says KNOCK and is answered before the chat begins. From then on, each
/// byte is one higher on the wire.</summary>
internal sealed class Knock : IConnectionLayer
{
    private static readonly byte[] _word = "KNOCK\n"u8.ToArray();

    /// <summary>The connections whose handshake has begun.</summary>
    public Collected<string> Begun { get; } = new();

    public async ValueTask<IClientConnection> OpenAsync(
        IClientConnection connection, CancellationToken cancellationToken)
    {
        Begun.Add(connection.Id);
        var word = new byte[_word.Length];
        for (var length = 0; length < word.Length;)
        {
            var received = await connection.ReceiveAsync(word.AsMemory(length), cancellationToken);
            length += received > 0 ? received : throw new IOException("The client left before it knocked.");
        }

        if (!word.AsSpan().SequenceEqual(_word))
            throw new InvalidDataException("did not knock");
        await connection.SendAsync("come in\n"u8.ToArray(), cancellationToken);
        return new Shifted(connection);
    }

    private sealed class Shifted(IClientConnection inner) : IClientConnection
    {
        public string Id => inner.Id;

        public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var received = await inner.ReceiveAsync(buffer, cancellationToken);
            for (var index = 0; index < received; index++)
                buffer.Span[index]--;
            return received;
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            inner.SendAsync(Array.ConvertAll(bytes.ToArray(), value => (byte)(value + 1)), cancellationToken);

        public void Abort() => inner.Abort();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
