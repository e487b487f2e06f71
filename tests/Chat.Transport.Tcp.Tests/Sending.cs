using Chat.Connections;

namespace Chat.Transport.Tcp.Tests;

/// <summary>Ways to send more than a connection takes at once.</summary>
internal static class Sending
{
    public static async Task SendAllAsync(
        this IClientConnection connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await connection.SendAsync(bytes, cancellationToken)..];
    }

    /// <summary>Sends, over and over, until a send has to wait.</summary>
    /// <returns>How much was taken, and the send that waits.</returns>
    public static async Task<(int Taken, Task<int> Pending)> FillAsync(
        this IClientConnection connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var taken = 0; ;)
        {
            var sending = connection.SendAsync(bytes[(taken % bytes.Length)..], cancellationToken);
            if (!sending.IsCompleted)
                return (taken, sending.AsTask());
            taken += await sending;
        }
    }
}
