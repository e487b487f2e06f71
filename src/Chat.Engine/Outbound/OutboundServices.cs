namespace Chat.Engine.Outbound;

/// <summary>The services shared by all outbound pumps of a server.</summary>
internal sealed record OutboundServices(
    OutboundLimits Limits, LogicalClock LogicalClock, ChatMetrics Metrics, TimeProvider Clock);
