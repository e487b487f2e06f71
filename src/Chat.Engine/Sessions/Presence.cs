namespace Chat.Engine.Sessions;

/// <summary>Who a session is and where: its nick, its rooms, and the current one. Every change is published, and
/// applied when the backplane brings it back. Changes are made by the session's own commands, one at a time.</summary>
internal sealed class Presence(string sessionId, SessionServices services, OutboundPump pump)
{
    private static readonly Undelivered _waiting = new(new Sender("", ""), "", RefusalCode.Other);

    // What the session may own if it ends before the event comes back.
    private string? _claiming, _joining;

    private volatile Member? _current;
    private volatile bool _isLeaving;
    private Undelivered? _undelivered;

    /// <summary>The client as others see it. The nick is empty before it has signed in.</summary>
    public Sender Sender { get; private set; } = new(sessionId, "");

    /// <summary>The rooms the session reads.</summary>
    public Memberships Rooms => pump.Memberships;

    /// <summary>The room the next line goes to; <see langword="null"/> if the user is in none.</summary>
    public Room? CurrentRoom => _current?.Room;

    /// <summary>Gives the user roles.</summary>
    public void Grant(params string[] roles)
    {
        Sender = Sender with { Roles = roles };
        foreach (var member in Rooms.Current)
            member.Sender = Sender;
    }

    /// <summary>Claims a nick: of all that claim it, the first in the backplane's order gets it.</summary>
    public async ValueTask<bool> TryClaimAsync(string nick, CancellationToken cancellationToken)
    {
        _claiming = nick;
        var claimed = Sender with { Nick = nick };
        await PublishAsync(new NickClaimed(claimed), cancellationToken).ConfigureAwait(false);
        _claiming = null;
        if (services.Sessions.OwnerOf(nick)?.SessionId != Sender.SessionId)
            return false;
        Sender = claimed;
        return true;
    }

    /// <summary>Gives the user another nick and tells their rooms.</summary>
    /// <returns>Whether the nick was free.</returns>
    public async ValueTask<bool> TryRenameAsync(string newNick, CancellationToken cancellationToken)
    {
        var old = Sender;
        if (!await TryClaimAsync(newNick, cancellationToken).ConfigureAwait(false))
            return false;
        try
        {
            foreach (var member in Rooms.Current)
            {
                var renamed = new Renamed(member.Room.Name, old, newNick);
                await PublishAsync(renamed, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (!string.Equals(old.Nick, newNick, StringComparison.OrdinalIgnoreCase))
                await services.Publisher.PublishFactAsync(new NickReleased(old)).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Lets the user into a room, now their current one.</summary>
    public async ValueTask JoinAsync(string room, CancellationToken cancellationToken)
    {
        if (Rooms.Find(room) is { } member)
        {
            _current = member;
            return;
        }

        _joining = room;
        await PublishAsync(new Joined(room, Sender), cancellationToken).ConfigureAwait(false);
        _joining = null;
    }

    /// <summary>Leaves a room; the last one joined becomes current.</summary>
    public ValueTask LeaveAsync(Member member, CancellationToken cancellationToken) =>
        PublishAsync(new Left(member.Room.Name, Sender, Reason: null), cancellationToken);

    /// <summary>Leaves all rooms and releases the nick. Nothing is changed afterwards.</summary>
    public async Task LeaveAllAsync(string? reason)
    {
        _isLeaving = true;
        var left = Rooms.Current.Select(member => member.Room.Name);
        foreach (var room in _joining is null ? left.ToList() : [.. left, _joining])
            await services.Publisher.PublishFactAsync(new Left(room, Sender, reason)).ConfigureAwait(false);
        foreach (var nick in new[] { Sender.Nick, _claiming }.Where(nick => !string.IsNullOrEmpty(nick)))
        {
            await services.Publisher.PublishFactAsync(new NickReleased(Sender with { Nick = nick! }))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Leaves on this server alone what the session has not left, because the backplane does not
    /// answer.</summary>
    public void LeaveHere(string? reason)
    {
        foreach (var member in Rooms.Current.ToList())
            Leave(new Left(member.Room.Name, Sender, reason), isSilent: false);
        services.Sessions.Release(Sender);
    }

    /// <summary>Publishes a whisper of this user.</summary>
    /// <returns>Why it was not delivered; <see langword="null"/> if it was, or if its recipient's server has yet to
    /// tell.</returns>
    public async ValueTask<Undelivered?> WhisperAsync(Whispered whispered, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _undelivered, _waiting);
        await PublishAsync(whispered, cancellationToken).ConfigureAwait(false);
        return Interlocked.Exchange(ref _undelivered, null) is { } answer && answer != _waiting ? answer : null;
    }

    /// <summary>Applies an event of this session that the backplane has ordered.</summary>
    public void Enter(Joined joined)
    {
        if (Rooms.Find(joined.Room) is null)
            _current = Rooms.Enter(services.Rooms, joined, pump);
    }

    /// <inheritdoc cref="Enter"/>
    /// <param name="left">The event.</param>
    /// <param name="isSilent">Whether nobody on this server is told.</param>
    public void Leave(Left left, bool isSilent)
    {
        if (Rooms.Find(left.Room) is not { } member)
            return;
        if (isSilent)
            services.Rooms.Unfollow(member);
        else
            services.Rooms.Leave(member, left, readsOwnLeave: !_isLeaving);
        if (_current == member)
            _current = Rooms.Current.LastOrDefault();
    }

    /// <inheritdoc cref="Enter"/>
    public void Rename(Renamed renamed)
    {
        if (Rooms.Find(renamed.Room) is { } member)
            member.Room.Rename(member, renamed);
    }

    /// <inheritdoc cref="Enter"/>
    public void Undelivered(Undelivered undelivered)
    {
        if (Interlocked.CompareExchange(ref _undelivered, undelivered, _waiting) != _waiting)
            pump.Inbox.TryPost(new Refused(undelivered.Code, undelivered.To) { Time = undelivered.Time });
    }

    private ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken) =>
        services.Publisher.PublishAsync(chatEvent, cancellationToken);
}
