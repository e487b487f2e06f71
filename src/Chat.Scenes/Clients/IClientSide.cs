namespace Chat.Scenes.Clients;

/// <summary>The client's end of a connection. <see cref="TestClient"/> speaks lines over it.</summary>
public interface IClientSide : IAsyncDisposable
{
    /// <summary>Reads the next bytes from the server.</summary>
    /// <param name="buffer">Where to put them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The number of bytes; 0 if the server has closed the connection.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all of the bytes to the server.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Closes the sending direction. Reading goes on.</summary>
    void End();

    /// <summary>Resets the connection.</summary>
    void Reset();
}
