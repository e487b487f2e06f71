namespace Chat.Engine.Sessions;

/// <summary>Applies the events that the backplane has ordered. Nothing else changes the rooms or the owners of
/// nicks.</summary>
internal sealed class EventApplier(RoomDirectory rooms, SessionDirectory sessions)
{
    private volatile bool _isStopping;

    /// <summary>Publishes what follows from an event. Set once, before the first event.</summary>
    public EventPublisher? Publisher { get; set; }

    /// <summary>From now on nobody on this server is told who leaves, because all do.</summary>
    public void Stop() => _isStopping = true;

    public void Apply(ChatEvent chatEvent)
    {
        switch (chatEvent)
        {
            case Said said:
                rooms.Append(said);
                break;
            case Joined joined when sessions.Find(joined.Sender.SessionId) is { } session:
                session.Presence.Enter(joined);
                break;
            case Joined joined:
                rooms.Enter(joined);
                break;
            case Left left when sessions.Find(left.Sender.SessionId) is { } session:
                session.Presence.Leave(left, isSilent: _isStopping);
                break;
            case Left left:
                rooms.Leave(null, left, readsOwnLeave: false);
                break;
            case Renamed renamed when sessions.Find(renamed.Sender.SessionId) is { } session:
                session.Presence.Rename(renamed);
                break;
            case Renamed renamed:
                rooms.Find(renamed.Room)?.Rename(null, renamed);
                break;
            case RoomEvent other:
                rooms.Append(other);
                break;
            case NickClaimed claim:
                sessions.Claim(claim.Sender);
                break;
            case NickReleased released:
                sessions.Release(released.Sender);
                break;
            case Whispered whispered:
                Deliver(whispered);
                break;
            case Undelivered undelivered:
                sessions.Find(undelivered.Sender.SessionId)?.Presence.Undelivered(undelivered);
                break;
        }
    }

    /// <summary>Delivers a whisper if its recipient is on this server. If the recipient has just left, the sender's
    /// server tells the sender.</summary>
    private void Deliver(Whispered whispered)
    {
        if (sessions.OwnerOf(whispered.To) is not { } owner)
        {
            sessions.Find(whispered.Sender.SessionId)?.Presence.Undelivered(
                new Undelivered(whispered.Sender, whispered.To, RefusalCode.RecipientLeft));
        }
        else if (sessions.Find(owner.SessionId) is { } reader && !reader.TryPost(whispered))
        {
            _ = Publisher!.PublishFactAsync(
                new Undelivered(whispered.Sender, whispered.To, RefusalCode.RecipientBusy));
        }
    }
}
