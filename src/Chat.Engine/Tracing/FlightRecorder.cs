namespace Chat.Engine.Tracing;

/// <summary>
/// The traces of the last lines, in a ring: each at the place its number has there. Keeping one exchanges it for the one before it in
/// that place, which the next line is written over, so nothing is allocated while lines flow. Safe from any thread.
/// </summary>
/// <param name="capacity">How many lines it holds: a power of two.</param>
internal sealed class FlightRecorder(int capacity)
{
    /// <summary>How many lines it holds.</summary>
    public int Capacity => capacity;

    private readonly LineTrace?[] _ring = new LineTrace?[capacity];

    /// <summary>Keeps a trace.</summary>
    /// <returns>A trace to write the next line into.</returns>
    public LineTrace Keep(LineTrace trace)
    {
        trace.Complete();
        return Interlocked.Exchange(ref _ring[PlaceOf(trace.Id)], trace) ?? new LineTrace();
    }

    /// <summary>Explains a line.</summary>
    /// <returns><see langword="null"/> when it is not, or no longer, known.</returns>
    public LineExplanation? Find(long id) => At(id)?.Explain() is { } explanation && explanation.Id == id ? explanation : null;

    /// <summary>Explains the last line of a connection.</summary>
    /// <returns><see langword="null"/> when none is known any more.</returns>
    public LineExplanation? LastOf(string connectionId) => Last(trace => trace.ConnectionId == connectionId);

    /// <summary>Explains the last line of somebody, who may have left.</summary>
    /// <param name="nick">The nick it was said under.</param>
    /// <returns><see langword="null"/> when none is known any more.</returns>
    public LineExplanation? LastBy(string nick) => Last(trace => string.Equals(trace.Sender, nick, StringComparison.OrdinalIgnoreCase));

    /// <summary>Explains the last line of all.</summary>
    /// <returns><see langword="null"/> when there was none.</returns>
    public LineExplanation? Last() => Last(trace => trace.Id > 0);

    /// <summary>The connection a line came from.</summary>
    /// <returns><see langword="null"/> when the line is not known.</returns>
    public string? SenderOf(long id) => At(id)?.ConnectionId;

    private LineExplanation? Last(Predicate<LineTrace> isWanted)
    {
        LineTrace? last = null;
        for (var place = 0; place < _ring.Length; place++)
        {
            if (Volatile.Read(ref _ring[place]) is { } trace && isWanted(trace) && (last is null || trace.Id > last.Id))
                last = trace;
        }

        // It may have been written over since.
        var explanation = last?.Explain();
        return explanation is not null && isWanted(last!) ? explanation : null;
    }

    private LineTrace? At(long id) => Volatile.Read(ref _ring[PlaceOf(id)]) is { } trace && trace.Id == id ? trace : null;

    private int PlaceOf(long id) => (int)id & (capacity - 1);
}
