using Chat.Engine.Backplane;
using Chat.Engine.Connections;
using Chat.Engine.Hooks;
using Chat.Engine.Hooks.Weighing;
using Chat.Engine.Protocols;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Sessions;
using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine.Tests;

/// <summary>What a session needs, without a server around it.</summary>
internal sealed class SomeServices : IAsyncDisposable
{
    private readonly Watchdog _watchdog = new(TimeProvider.System, TimeSpan.FromMinutes(1), new CallScales(new ThisProcess()));

    public SomeServices(ChatServerOptions? given = null)
    {
        var options = given ?? new ChatServerOptions { GreetingDelay = TimeSpan.Zero };
        var clock = new EventClock();
        var rooms = new RoomDirectory(clock, options.Clock, options);
        var sessions = new SessionDirectory();
        var metrics = new ChatMetrics(server: null);
        var registrations = new RegistrationTable(options, metrics, rooms, _watchdog, NullLogger.Instance);
        var backplane = new LocalBackplane();
        _ = backplane.StartAsync(rooms.Deliver, CancellationToken.None).AsTask();
        Value = new SessionServices(
            options,
            clock,
            rooms,
            sessions,
            registrations,
            new MessageRoute(rooms, sessions, backplane, null, new PluginEchoes(options.Clock, NullLogger.Instance), options.Clock),
            _watchdog,
            new TextProtocol(options.DefaultRoom),
            metrics,
            new ConnectionStorms(options.Clock, NullLogger.Instance),
            NullLogger.Instance);
        var report = new HookReport(registrations, new ProblemBoard(), _watchdog);
        _ = registrations.Swap(null, new BuiltInCommands(options, sessions, rooms, registrations, report, recorder: null).ToRegistration());
    }

    public SessionServices Value { get; }

    public ValueTask DisposeAsync()
    {
        Value.Metrics.Dispose();
        _watchdog.Dispose();
        return default;
    }
}
