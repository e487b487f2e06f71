namespace Chat.Engine.Outbound;

/// <summary>A session's pending output: the lines of its rooms and its inbox, in one order. A member that lags too far
/// is skipped ahead and told so. Owned by the holder of the pump's turn.</summary>
internal sealed class PendingOutput(Memberships memberships, Inbox inbox, OutboundServices services, IPumpOwner owner)
{
    private const int MaxBatchLines = 64;
    private const int MaxBatchBytes = 16 * 1024;

    // Collects lines from several sources; lines from a single room are sent in place.
    private ByteBuffer? _batch;

    public Memberships Memberships => memberships;

    private ByteBuffer Batch => _batch ??= new ByteBuffer();

    /// <summary>Takes the next bytes to send: the earliest lines of the rooms and the inbox. The cursors move past
    /// them. Valid until <see cref="Sent"/> is called.</summary>
    /// <param name="lines">The number of lines taken.</param>
    /// <param name="hasMore">Whether more lines may be pending that were there before this call.</param>
    public ReadOnlyMemory<byte> Next(out int lines, out bool hasMore)
    {
        if (FindOnly(memberships.All, out var reach) is { } only)
        {
            var bytes = only.Room.Log.As(owner.Encoder).Read(only.Cursor, reach, out lines);
            if (lines > 0)
            {
                only.Cursor += lines;
                hasMore = only.Cursor < reach;
                if (!hasMore && only.IsDone)
                    Forget(memberships.All);
                return bytes;
            }
        }

        // Read before the rooms: whatever happened in a room entered since then is later.
        var latest = services.LogicalClock.Now;
        lines = Merge(memberships.All, latest);
        hasMore = lines > 0;
        return _batch?.Written ?? default;
    }

    /// <summary>Releases the bytes that have been sent.</summary>
    public void Sent() => _batch?.Clear();

    /// <summary>Releases all memory while nothing is pending.</summary>
    public void Rest()
    {
        _batch?.Dispose();
        _batch = null;
    }

    /// <summary>Finds the only room with pending lines, if nothing else is pending and the member does not lag too far.
    /// The other rooms are checked again once its lines are visible: anything that happened before those lines is
    /// visible by then and has to be merged.</summary>
    private Member? FindOnly(Member[] rooms, out long reach)
    {
        Member? only = null;
        reach = 0;
        foreach (var member in rooms)
        {
            var end = member.Reach;
            if (end <= member.Cursor)
                continue;
            if (only is not null || end - member.Cursor > services.Limits.MaxLagLines)
                return null;
            (only, reach) = (member, end);
        }

        if (only is null || !inbox.IsEmpty)
            return null;
        foreach (var member in rooms)
        {
            if (member != only && member.Reach > member.Cursor)
                return null;
        }

        return ReferenceEquals(memberships.All, rooms) ? only : null;
    }

    /// <summary>Takes the next lines into the batch: always the earliest of the rooms and the inbox, up to 64 lines or
    /// 16 KiB.</summary>
    /// <param name="rooms">The rooms.</param>
    /// <param name="latest">The latest stamp to take. It makes this a consistent snapshot of all sources, so a reply
    /// never overtakes an earlier line.</param>
    /// <returns>The number of lines taken.</returns>
    private int Merge(Member[] rooms, long latest)
    {
        var lines = SkipAhead(rooms);
        while (lines < MaxBatchLines && Batch.Length < MaxBatchBytes)
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
                owner.Encoder.Write(letter, Batch);
                inbox.Take();
            }
            else if (from is not null)
            {
                var line = from.Room.Log.As(owner.Encoder).Read(from.Cursor, from.Cursor + 1, out var found);

                // None if the log has just dropped the line; the next pass then finds the member lapped.
                if (found == 0)
                    continue;
                Batch.Write(line.Span);
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
            if (member.Lag > services.Limits.MaxLagLines)
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
        if (services.Limits.DisconnectsSlowMembers)
        {
            owner.TooSlow(member);
            return 0;
        }

        var notice = new LinesSkipped(member.Room.Name, skipped) { Time = services.Clock.GetUtcNow() };
        owner.Encoder.Write(notice, Batch);
        return 1;
    }

    /// <summary>Removes rooms that have been left and read to the end.</summary>
    private void Forget(Member[] rooms)
    {
        foreach (var member in rooms)
        {
            if (member.IsDone)
                memberships.Remove(member);
        }
    }
}
