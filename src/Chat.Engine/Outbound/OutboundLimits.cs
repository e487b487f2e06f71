namespace Chat.Engine.Outbound;

/// <summary>The limits on how far a client may fall behind.</summary>
/// <param name="MaxLagLines">The maximum number of lines a member may lag behind in a room.</param>
/// <param name="DisconnectsSlowMembers">Whether a member past that limit is disconnected instead of skipped
/// ahead.</param>
/// <param name="MaxUnreadReplies">The maximum number of private lines and replies queued for one client.</param>
/// <param name="SendTimeout">How long a client with pending output may acknowledge nothing before it is
/// closed.</param>
internal sealed record OutboundLimits(
    int MaxLagLines, bool DisconnectsSlowMembers, int MaxUnreadReplies, TimeSpan SendTimeout);
