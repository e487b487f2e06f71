using Chat.Engine.Connections;
using Chat.Engine.Diagnostics;
using Chat.Engine.Outbound;
using Chat.Engine.Rooms;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Sessions;

/// <summary>The services shared by all sessions of a server.</summary>
internal sealed record SessionServices(
    SessionSettings Settings,
    OutboundServices Outbound,
    RoomDirectory Rooms,
    SessionDirectory Sessions,
    ConnectionLog Connections,
    ChatMetrics Metrics,
    TimeProvider Clock,
    ILogger Logger);
