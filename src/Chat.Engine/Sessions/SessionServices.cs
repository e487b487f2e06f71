using Chat.Engine.Connections;
using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Telemetry;
using Chat.Protocols;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Sessions;

/// <summary>What every session of a server shares.</summary>
internal sealed record SessionServices(
    ChatServerOptions Options,
    EventClock EventClock,
    RoomDirectory Rooms,
    SessionDirectory Sessions,
    RegistrationTable Registrations,
    MessageRoute Route,
    Watchdog Watchdog,
    IChatProtocol Protocol,
    ChatMetrics Metrics,
    ConnectionStorms Storms,
    ILogger Logger);
