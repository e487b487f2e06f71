namespace Chat.Engine.Outbound;

/// <summary>How far a client may fall behind.</summary>
/// <param name="MaxLagLines">How many lines a member may be behind in a room.</param>
/// <param name="DisconnectsSlowMembers">Whether a member past that limit is disconnected instead of skipped ahead.</param>
/// <param name="MaxUnreadReplies">How many private lines and replies may wait for one client.</param>
/// <param name="SendTimeout">How long a connection may take no byte before it is closed.</param>
internal sealed record OutboundLimits(int MaxLagLines, bool DisconnectsSlowMembers, int MaxUnreadReplies, TimeSpan SendTimeout);
