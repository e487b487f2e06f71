namespace Chat.Engine.Sessions;

/// <summary>The services shared by all sessions of a server.</summary>
internal sealed record SessionServices(
    SessionSettings Settings, OutboundServices Outbound, RoomDirectory Rooms, SessionDirectory Sessions,
    EventPublisher Publisher, ConnectionLog Connections, ChatMetrics Metrics, TimeProvider Clock, ILogger Logger);
