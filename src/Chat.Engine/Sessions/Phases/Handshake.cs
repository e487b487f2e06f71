namespace Chat.Engine.Sessions.Phases;

/// <summary>Opens the layers of a listener on one connection.</summary>
internal static class Handshake
{
    /// <summary>Opens the layers, the lowest first. Completes synchronously if no layer has to wait.</summary>
    /// <exception cref="InvalidDataException">The peer broke a layer's rules, or took too long.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async ValueTask RunAsync(
        GuardedConnection connection, IReadOnlyList<IConnectionLayer> layers, TimeSpan timeout, TimeProvider clock,
        CancellationToken ending)
    {
        if (layers.Count == 0)
            return;
        using var tooLong = new CancellationTokenSource();
        var timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), tooLong, timeout, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, ending);
            try
            {
                foreach (var layer in layers)
                    await connection.AddAsync(layer, either.Token).ConfigureAwait(false);
            }
            catch (Exception) when (tooLong.IsCancellationRequested && !ending.IsCancellationRequested)
            {
                throw new InvalidDataException($"the handshake took longer than {timeout.TotalSeconds:0.###} s");
            }
        }
    }
}
