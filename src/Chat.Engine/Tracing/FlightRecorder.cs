namespace Chat.Engine.Tracing;

/// <summary>
/// The traces of the last lines, in a ring. Keeping one exchanges it for the oldest, which the next line is written over, so nothing is
/// allocated while lines flow. Safe from any thread.
/// </summary>
/// <param name="capacity">How many lines it holds: a power of two.</param>
internal sealed class FlightRecorder(int capacity)
{
    private readonly LineTrace?[] _ring = new LineTrace?[capacity];
    private long _next;

    /// <summary>Keeps a trace.</summary>
    /// <returns>A trace to write the next line into.</returns>
    public LineTrace Keep(LineTrace trace)
    {
        trace.Complete();
        var slot = (int)((Interlocked.Increment(ref _next) - 1) & (capacity - 1));
        return Interlocked.Exchange(ref _ring[slot], trace) ?? new LineTrace();
    }

    /// <summary>Explains a line.</summary>
    /// <returns><see langword="null"/> when it is not, or no longer, known.</returns>
    public LineExplanation? Find(long id) => Last(trace => trace.Id == id);

    /// <summary>Explains the last line of a connection.</summary>
    /// <returns><see langword="null"/> when none is known any more.</returns>
    public LineExplanation? LastOf(string connectionId) => Last(trace => trace.ConnectionId == connectionId);

    /// <summary>The connection a line came from.</summary>
    /// <returns><see langword="null"/> when the line is not known.</returns>
    public string? SenderOf(long id)
    {
        for (var slot = 0; slot < _ring.Length; slot++)
        {
            if (Volatile.Read(ref _ring[slot]) is { } trace && trace.Id == id)
                return trace.ConnectionId;
        }

        return null;
    }

    private LineExplanation? Last(Predicate<LineTrace> isWanted)
    {
        LineTrace? last = null;
        for (var slot = 0; slot < _ring.Length; slot++)
        {
            if (Volatile.Read(ref _ring[slot]) is { } trace && isWanted(trace) && (last is null || trace.Id > last.Id))
                last = trace;
        }

        var explanation = last?.Explain();
        return explanation is not null && isWanted(last!) ? explanation : null;
    }
}
