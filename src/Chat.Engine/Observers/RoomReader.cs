namespace Chat.Engine.Observers;

/// <summary>Follows a room for the application, starting with <see cref="Begin"/>.</summary>
internal sealed class RoomReader(RoomDirectory rooms, string room, CancellationToken serverStopping)
    : IAsyncEnumerable<RoomEvent>
{
    private readonly AsyncAutoResetEvent _signal = new();
    private RoomFollower? _follower;

    /// <summary>Starts following; the reader receives every event from now on.</summary>
    public RoomReader Begin()
    {
        _follower = rooms.Follow(room, _signal);
        return this;
    }

    public async IAsyncEnumerator<RoomEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var follower = Interlocked.Exchange(ref _follower, null)
            ?? throw new InvalidOperationException(
                "A room is read once per call of ReadAsync; call it again to read from now on.");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, serverStopping);
        using var wake = ended.Token.Register(static signal => ((AsyncAutoResetEvent)signal!).Wake(), _signal);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                await _signal.WaitAsync().ConfigureAwait(false);
                while (!ended.IsCancellationRequested)
                {
                    var entry = follower.Peek(long.MaxValue, out var lapped);
                    if (lapped)
                    {
                        yield return new LinesSkipped(room, follower.Skip());
                        continue;
                    }

                    if (entry is null)
                        break;
                    follower.Cursor++;
                    yield return (RoomEvent)entry.Event;
                }
            }
        }
        finally
        {
            rooms.Unfollow(follower);
        }
    }
}
