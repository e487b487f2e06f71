using Chat.Connections;

namespace Chat.Transport.Tcp;

/// <summary>The end of a connection whose sending side has been shut down.</summary>
internal static class Draining
{
    /// <summary>
    /// Reads what still comes and throws it away, until the peer ends too or its time is up. Many clients (nc among them) keep their side
    /// open after ours has ended: closing with their bytes unread would reset the connection and could lose our last lines (RFC 9293 3.6.1).
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="patience">How long the peer has.</param>
    /// <param name="clock">By which clock.</param>
    public static async ValueTask DrainAsync(this IClientConnection connection, TimeSpan patience, TimeProvider clock)
    {
        var scrap = new byte[1024];

        // Not disposed: the timer may come at the very moment the peer does.
        var timeUp = new CancellationTokenSource();
        using var timer = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), timeUp, patience, Timeout.InfiniteTimeSpan);
        try
        {
            while (!timeUp.IsCancellationRequested && await connection.ReceiveAsync(scrap, timeUp.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The peer has reset the connection or has had its time.
        }
    }
}
