namespace Chat.Engine.Tracing;

/// <summary>Keeps the traces of the last lines in a ring, each at the index given by its number. Keeping a trace
/// replaces the previous one at its index, which is reused for the next line, so nothing is allocated while lines flow.
/// Safe from any thread.</summary>
/// <param name="capacity">The number of lines to keep; a power of two.</param>
internal sealed class FlightRecorder(int capacity)
{
    /// <summary>The number of lines that the recorder keeps.</summary>
    public int Capacity => capacity;

    private readonly LineTrace?[] _ring = new LineTrace?[capacity];

    /// <summary>Keeps a trace.</summary>
    /// <returns>A trace to reuse for the next line.</returns>
    public LineTrace Keep(LineTrace trace)
    {
        trace.Complete();
        return Interlocked.Exchange(ref _ring[PlaceOf(trace.Id)], trace) ?? new LineTrace();
    }

    /// <summary>Explains a line.</summary>
    /// <returns><see langword="null"/> if the line is unknown or no longer kept.</returns>
    public LineExplanation? Find(long id) =>
        At(id)?.Explain() is { } explanation && explanation.Id == id ? explanation : null;

    /// <summary>Explains the last line of a session.</summary>
    /// <returns><see langword="null"/> if none is kept.</returns>
    public LineExplanation? LastOf(string sessionId) => Last(trace => trace.SessionId == sessionId);

    /// <summary>Explains the last line of a person, who may have left.</summary>
    /// <param name="nick">The nick under which it was said.</param>
    /// <returns><see langword="null"/> if none is kept.</returns>
    public LineExplanation? LastBy(string nick) =>
        Last(trace => string.Equals(trace.Sender, nick, StringComparison.OrdinalIgnoreCase));

    /// <summary>Explains the last line of the server.</summary>
    /// <returns><see langword="null"/> if there was none.</returns>
    public LineExplanation? Last() => Last(trace => trace.Id > 0);

    /// <summary>Returns the session that a line came from.</summary>
    /// <returns><see langword="null"/> if the line is unknown.</returns>
    public string? SenderOf(long id) => At(id)?.SessionId;

    private LineExplanation? Last(Predicate<LineTrace> isWanted)
    {
        LineTrace? last = null;
        for (var place = 0; place < _ring.Length; place++)
        {
            if (Volatile.Read(ref _ring[place]) is { } trace && isWanted(trace) && (last is null || trace.Id > last.Id))
                last = trace;
        }

        // The trace may have been overwritten since.
        var explanation = last?.Explain();
        return explanation is not null && isWanted(last!) ? explanation : null;
    }

    private LineTrace? At(long id) =>
        Volatile.Read(ref _ring[PlaceOf(id)]) is { } trace && trace.Id == id ? trace : null;

    private int PlaceOf(long id) => (int)id & (capacity - 1);
}
