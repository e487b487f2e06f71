using Chat.Connections;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Protocols;

namespace Chat.Engine.Sessions;

/// <summary>
/// Cursors to batches to the connection, of which it is the only writer. Sleeps until woken, then takes what there is, in the
/// order in which it happened, up to 64 lines or 16 KiB at a time. A member too far behind is moved ahead and told so.
/// </summary>
internal sealed class OutboundPump(
    IClientConnection connection, IChatProtocol protocol, Inbox inbox, Memberships memberships, WakeSignal signal, SessionServices services)
{
    private const int MaxBatchLines = 64;
    private const int MaxBatchBytes = 16 * 1024;

    private readonly ByteBuffer _batch = new();
    private volatile bool _completing;

    /// <summary>Called when a member is too far behind and the server is set to disconnect for it.</summary>
    public required Action<Member> OnTooSlow { get; init; }

    /// <summary>Called when the connection has taken no byte for the whole time it may.</summary>
    public required Action OnStuck { get; init; }

    /// <summary>Makes <see cref="RunAsync"/> end once everything there is has been sent.</summary>
    public void Complete()
    {
        _completing = true;

        // Must be visible before the signal is looked at: see WakeSignal.Wake.
        Interlocked.MemoryBarrier();
        signal.Wake();
    }

    /// <summary>Runs until completed.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await signal.WaitAsync().ConfigureAwait(false);
                var isLast = _completing;
                while (Fill() is > 0 and var lines)
                {
                    await SendAsync(_batch.Written).ConfigureAwait(false);
                    services.Metrics.LinesDelivered.Add(lines);
                    _batch.Clear();
                }

                _batch.Dispose();
                if (isLast)
                    return;
            }
        }
        finally
        {
            _batch.Dispose();
        }
    }

    /// <summary>Takes the next lines into the batch: always the earliest of what the rooms and the inbox hold.</summary>
    /// <returns>How many lines were taken.</returns>
    private int Fill()
    {
        // Nothing later than now, so that all sources are looked at as of one moment: a reply never overtakes a line before it.
        var latest = services.EventClock.Now;
        var rooms = memberships.All;
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

            if (inbox.Peek(latest, out var stamp) is { } letter && (first is null || stamp < first.Stamp))
            {
                protocol.Write(letter, _batch);
                inbox.Take();
            }
            else if (first is not null)
            {
                _batch.Write(first.Encode(protocol));
                from!.Cursor++;
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
            if (member.Lag > services.Options.MaxLagLines)
                lines += Skip(member);
        }

        return lines;
    }

    private int Skip(Member member)
    {
        var skipped = member.Skip();
        if (skipped == 0)
            return 0;
        services.Metrics.LinesSkipped.Add(skipped);
        if (services.Options.SlowMember == SlowMemberPolicy.Disconnect)
        {
            OnTooSlow(member);
            return 0;
        }

        protocol.Write(new LinesSkipped(member.Room.Name, skipped) { Time = services.Options.Clock.GetUtcNow() }, _batch);
        return 1;
    }

    /// <summary>Lets go of rooms that have been left and read to the end.</summary>
    private void Forget(Member[] rooms)
    {
        foreach (var member in rooms)
        {
            if (member.IsDone)
                memberships.Remove(member);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sending = connection.SendAsync(bytes, CancellationToken.None);
            var taken = sending.IsCompleted ? await sending.ConfigureAwait(false) : await WatchAsync(sending).ConfigureAwait(false);
            if (taken <= 0)
                throw new IOException($"The transport of {connection.Id} took no bytes and did not say why.");
            bytes = bytes[taken..];
        }
    }

    private async ValueTask<int> WatchAsync(ValueTask<int> sending)
    {
        using var deadline = services.Options.Clock.CreateTimer(
            static pump => ((OutboundPump)pump!).OnStuck(), this, services.Options.SendTimeout, Timeout.InfiniteTimeSpan);
        return await sending.ConfigureAwait(false);
    }
}
