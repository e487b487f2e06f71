using System.Net;
using Chat.Connections;

namespace Chat.Engine.Tests.Connections;

/// <summary>A connection that gives the bytes it was made with, piece by piece, and then ends.</summary>
internal sealed class Pieces(params byte[][] pieces) : IClientConnection
{
    private int _next;

    /// <summary>How many pieces have been read.</summary>
    public int Given => _next;

    public string Id => "pieces";

    public EndPoint? RemoteEndPoint => null;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_next < pieces.Length && pieces[_next].Length == 0)
            _next++;
        if (_next == pieces.Length)
            return new ValueTask<int>(0);
        var piece = pieces[_next++];
        piece.CopyTo(buffer);
        return new ValueTask<int>(piece.Length);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Abort()
    {
    }

    public ValueTask DisposeAsync() => default;
}
