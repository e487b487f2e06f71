using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Events;

namespace Chat.Engine.Outbound;

/// <summary>
/// What a person has yet to be sent: their rooms' lines and their inbox, in one order. A member too far behind is moved ahead and told so.
/// Belongs to whoever has the pump's turn.
/// </summary>
internal sealed class PendingOutput(Memberships memberships, Inbox inbox, OutboundServices services, IPumpOwner owner)
{
    private const int MaxBatchLines = 64;
    private const int MaxBatchBytes = 16 * 1024;

    // Where lines of several sources are put together; those of one room are sent from where they lie.
    private readonly ByteBuffer _batch = new();

    /// <summary>The next bytes to send: the earliest of what the rooms and the inbox hold. They are taken: the cursors stand behind them. Valid until <see cref="Sent"/>.</summary>
    /// <param name="lines">How many lines they are.</param>
    /// <param name="hasMore">Whether there may be more that was there before now.</param>
    public ReadOnlyMemory<byte> Next(out int lines, out bool hasMore)
    {
        if (FindOnly(memberships.All, out var reach) is { } only)
        {
            var bytes = only.Room.Log.As(services.Protocol).Read(only.Cursor, reach, out lines);
            if (lines > 0)
            {
                only.Cursor += lines;
                hasMore = only.Cursor < reach;
                if (!hasMore && only.IsDone)
                    Forget(memberships.All);
                return bytes;
            }
        }

        // Before the rooms are looked up: what has happened in one that was entered since is later.
        var latest = services.LogicalClock.Now;
        lines = Merge(memberships.All, latest);
        hasMore = lines > 0;
        return _batch.Written;
    }

    /// <summary>The bytes have been sent.</summary>
    public void Sent() => _batch.Clear();

    /// <summary>There is nothing to send for now: no memory is held.</summary>
    public void Rest() => _batch.Dispose();

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
            if (only is not null || its - member.Cursor > services.Limits.MaxLagLines)
                return null;
            (only, reach) = (member, its);
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

    /// <summary>Takes the next lines into the batch: always the earliest of what the rooms and the inbox hold, up to 64 lines or 16 KiB.</summary>
    /// <param name="rooms">The rooms.</param>
    /// <param name="latest">Nothing later, so that all sources are looked at as of one moment: a reply never overtakes a line before it.</param>
    /// <returns>How many lines were taken.</returns>
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

            if (inbox.Peek(latest, out var stamp) is { } letter && (first is null || stamp < first.Stamp))
            {
                services.Protocol.Write(letter, _batch);
                inbox.Take();
            }
            else if (from is not null)
            {
                var line = from.Room.Log.As(services.Protocol).Read(from.Cursor, from.Cursor + 1, out var found);

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

        services.Protocol.Write(new LinesSkipped(member.Room.Name, skipped) { Time = services.Clock.GetUtcNow() }, _batch);
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
}
