namespace Chat.Scenes;

/// <summary>The other end of a connection: what a client's program holds. <see cref="TestClient"/> speaks lines over it.</summary>
public interface IClientSide : IAsyncDisposable
{
    /// <summary>Reads the next bytes from the server.</summary>
    /// <param name="buffer">Where to put them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there are; 0 when the server has closed.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all of the bytes to the server.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Says that no more will be sent. Reading goes on.</summary>
    void End();

    /// <summary>Breaks the connection, as a reset does.</summary>
    void Reset();
}
