namespace Chat.Transport.Tcp.Sockets;

/// <summary>How connections end after the last byte has been sent. Shared by all connections of a listener.</summary>
internal sealed record Linger(TimeSpan Patience, TimeProvider Clock)
{
    /// <summary>Reads what still arrives and throws it away, until the peer ends too or its time is up. The sending
    /// side has been shut down. Many clients (nc among them) keep their side open after ours has ended: closing with
    /// their bytes unread would reset the connection and could lose our last lines (RFC 9293, 3.6.1).</summary>
    public async ValueTask DrainAsync(IClientConnection connection)
    {
        var scrap = new byte[1024];

        // Not disposed: the timer may fire at the very moment the peer ends.
        var timeUp = new CancellationTokenSource();
        using var timer = Clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), timeUp, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            while (!timeUp.IsCancellationRequested &&
                   await connection.ReceiveAsync(scrap, timeUp.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The peer has reset the connection, or its time is up.
        }
    }
}
