using Chat.Connections;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Engine.Scheduling;
using Chat.Events;
using Chat.Protocols;

namespace Chat.Engine.Sessions;

/// <summary>
/// Cursors to the connection, of which it is the only writer. It has no loop: whoever serves a room runs it where there is something
/// to read, and it sends all there is, straight from the room's bytes. Only when the connection takes no more does it wait, by itself.
/// A member too far behind is moved ahead and told so.
/// </summary>
internal sealed class OutboundPump : WorkItem, ILogReader
{
    private const int MaxBatchLines = 64;
    private const int MaxBatchBytes = 16 * 1024;

    private readonly IClientConnection _connection;
    private readonly Memberships _memberships;
    private readonly SessionServices _services;
    private readonly IPumpOwner _owner;
    private readonly ByteBuffer _batch = new();
    private Turn _turn;
    private TaskCompletionSource<bool>? _completion;
    private volatile bool _hasEnded;
    private bool _hasStarted;

    public OutboundPump(IClientConnection connection, Memberships memberships, SessionServices services, IPumpOwner owner)
    {
        _owner = owner;
        _connection = connection;
        _memberships = memberships;
        _services = services;
        Inbox = new Inbox(services.EventClock, this, services.Options.MaxUnreadReplies);

        // Until it is started its turn is taken.
        _turn.TryBegin();
    }

    /// <summary>What is for this connection alone.</summary>
    public Inbox Inbox { get; }

    private IChatProtocol Protocol => _services.Protocol;

    /// <summary>Lets it send. Called once; what there is before goes out now.</summary>
    public void Start()
    {
        _hasStarted = true;
        Run();
    }

    /// <summary>Ends it once everything there is has been sent. One that was never started sends nothing.</summary>
    /// <returns>Completes then, or when sending has failed.</returns>
    public Task CompleteAsync()
    {
        if (!_hasStarted)
            return Task.CompletedTask;
        var completion = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _completion, completion);
        if (_hasEnded)
            completion.TrySetResult(true);
        Wake();
        return completion.Task;
    }

    /// <inheritdoc/>
    public void Wake()
    {
        if (_turn.Ask())
            Queue();
    }

    /// <inheritdoc/>
    public void ReadNow()
    {
        if (_turn.TryBegin())
            Run();
    }

    /// <inheritdoc/>
    public override void Execute() => ReadNow();

    /// <summary>Takes turns until there is nothing more to do or the connection takes no more. The turn has begun.</summary>
    private void Run()
    {
        try
        {
            do
            {
                var isLast = Volatile.Read(ref _completion) is not null;
                if (!TrySendAll())
                    return;
                if (isLast)
                {
                    End();
                    return;
                }
            }
            while (_turn.End() && _turn.TryBegin());
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Sends what there is now.</summary>
    /// <returns><see langword="false"/> when the connection does not take it at once: it goes on by itself.</returns>
    private bool TrySendAll()
    {
        var hasMore = true;
        while (hasMore)
        {
            var bytes = Next(out var lines, out hasMore);
            if (lines == 0)
                break;
            if (!TrySend(bytes, lines))
                return false;
            _batch.Clear();
        }

        _batch.Dispose();
        return true;
    }

    private bool TrySend(ReadOnlyMemory<byte> bytes, int lines)
    {
        while (!bytes.IsEmpty)
        {
            var sending = _connection.SendAsync(bytes, CancellationToken.None);
            if (sending.IsCompletedSuccessfully)
            {
                bytes = bytes[Checked(sending.Result)..];
            }
            else
            {
                _ = FinishAsync(sending, bytes, lines);
                return false;
            }
        }

        _services.Metrics.LinesDelivered.Add(lines);
        return true;
    }

    /// <summary>Waits until the connection has taken the bytes, and goes on. The turn is its own.</summary>
    private async Task FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes, int lines)
    {
        try
        {
            bytes = bytes[Checked(await WatchAsync(sending).ConfigureAwait(false))..];
            while (!bytes.IsEmpty)
            {
                var next = _connection.SendAsync(bytes, CancellationToken.None);
                var taken = next.IsCompleted ? await next.ConfigureAwait(false) : await WatchAsync(next).ConfigureAwait(false);
                bytes = bytes[Checked(taken)..];
            }

            _services.Metrics.LinesDelivered.Add(lines);
            _batch.Clear();
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        Run();
    }

    private async ValueTask<int> WatchAsync(ValueTask<int> sending)
    {
        using var deadline = _services.Options.Clock.CreateTimer(
            static pump => ((OutboundPump)pump!)._owner.Stuck(), this, _services.Options.SendTimeout, Timeout.InfiniteTimeSpan);
        return await sending.ConfigureAwait(false);
    }

    private int Checked(int taken) =>
        taken > 0 ? taken : throw new IOException($"The transport of {_connection.Id} took no bytes and did not say why.");

    private void Fail(Exception exception)
    {
        End();
        try
        {
            _owner.Failed(exception);
        }
        catch (Exception)
        {
            // What failed is the log that should have told of it; the round of the others goes on.
        }
    }

    /// <summary>The last turn has been taken, and never ends.</summary>
    private void End()
    {
        _batch.Dispose();
        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _completion)?.TrySetResult(true);
    }

    /// <summary>The next bytes to send: the earliest of what the rooms and the inbox hold.</summary>
    /// <param name="lines">How many lines they are.</param>
    /// <param name="hasMore">Whether there may be more that was there before now.</param>
    private ReadOnlyMemory<byte> Next(out int lines, out bool hasMore)
    {
        if (FindOnly(_memberships.All, out var reach) is { } only)
        {
            var bytes = only.Room.Log.As(Protocol).Read(only.Cursor, reach, out lines);
            if (lines > 0)
            {
                only.Cursor += lines;
                hasMore = only.Cursor < reach;
                if (!hasMore && only.IsDone)
                    Forget(_memberships.All);
                return bytes;
            }
        }

        // Before the rooms are looked up: what has happened in one that was entered since is later.
        var latest = _services.EventClock.Now;
        lines = Merge(_memberships.All, latest);
        hasMore = lines > 0;
        return _batch.Written;
    }

    /// <summary>
    /// Finds the one room that has something, if nothing else has and the member is not too far behind. Once its lines are seen the
    /// others are looked at again: what happened before those lines would be seen now, and then they have to be merged.
    /// </summary>
    private Member? FindOnly(Member[] rooms, out long reach)
    {
        Member? only = null;
        reach = 0;
        foreach (var member in rooms)
        {
            var its = member.Reach;
            if (its <= member.Cursor)
                continue;
            if (only is not null || its - member.Cursor > _services.Options.MaxLagLines)
                return null;
            (only, reach) = (member, its);
        }

        if (only is null || !Inbox.IsEmpty)
            return null;
        foreach (var member in rooms)
        {
            if (member != only && member.Reach > member.Cursor)
                return null;
        }

        return ReferenceEquals(_memberships.All, rooms) ? only : null;
    }

    /// <summary>Takes the next lines into the batch: always the earliest of what the rooms and the inbox hold, up to 64 lines or 16 KiB.</summary>
    /// <returns>How many lines were taken.</returns>
    /// <param name="rooms">The rooms.</param>
    /// <param name="latest">Nothing later, so that all sources are looked at as of one moment: a reply never overtakes a line before it.</param>
    private int Merge(Member[] rooms, long latest)
    {
        var lines = SkipAhead(rooms);
        while (lines < MaxBatchLines && _batch.Length < MaxBatchBytes)
        {
            LogEntry? first = null;
            Member? from = null;
            foreach (var member in rooms)
            {
                var entry = member.Peek(latest, out var lapped);
                if (lapped)
                    lines += Skip(member);
                else if (entry is not null && (first is null || entry.Stamp < first.Stamp))
                    (first, from) = (entry, member);
            }

            if (Inbox.Peek(latest, out var stamp) is { } letter && (first is null || stamp < first.Stamp))
            {
                Protocol.Write(letter, _batch);
                Inbox.Take();
            }
            else if (from is not null)
            {
                var line = from.Room.Log.As(Protocol).Read(from.Cursor, from.Cursor + 1, out var found);

                // None when the log has forgotten it just now: then the next look finds the member lapped.
                if (found == 0)
                    continue;
                _batch.Write(line.Span);
                from.Cursor++;
            }
            else
            {
                break;
            }

            lines++;
        }

        Forget(rooms);
        return lines;
    }

    private int SkipAhead(Member[] rooms)
    {
        var lines = 0;
        foreach (var member in rooms)
        {
            if (member.Lag > _services.Options.MaxLagLines)
                lines += Skip(member);
        }

        return lines;
    }

    private int Skip(Member member)
    {
        var skipped = member.Skip();
        if (skipped == 0)
            return 0;
        _services.Metrics.LinesSkipped.Add(skipped);
        if (_services.Options.SlowMember == SlowMemberPolicy.Disconnect)
        {
            _owner.TooSlow(member);
            return 0;
        }

        Protocol.Write(new LinesSkipped(member.Room.Name, skipped) { Time = _services.Options.Clock.GetUtcNow() }, _batch);
        return 1;
    }

    /// <summary>Lets go of rooms that have been left and read to the end.</summary>
    private void Forget(Member[] rooms)
    {
        foreach (var member in rooms)
        {
            if (member.IsDone)
                _memberships.Remove(member);
        }
    }
}
