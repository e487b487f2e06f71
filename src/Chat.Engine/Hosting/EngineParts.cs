namespace Chat.Engine.Hosting;

/// <summary>Creates and connects the parts of one server. The only composition, used by servers and tests
/// alike.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    /// <param name="settings">The server's settings.</param>
    /// <param name="server">The server that owns the metrics; <see langword="null"/> for none.</param>
    public EngineParts(EngineSettings settings, object? server)
    {
        var clock = settings.Clock;
        Backplane = settings.Backplane;
        var logger = new NonThrowingLogger(settings.LoggerFactory.CreateLogger("Chat.Engine"));
        Metrics = new ChatMetrics(server);
        var logicalClock = new LogicalClock(clock.GetUtcNow().ToUnixTimeMilliseconds());
        Rooms = new RoomDirectory(logicalClock, clock, settings.Log);
        var sessions = new SessionDirectory(Backplane.Node);
        Applier = new EventApplier(Rooms, sessions);
        var publisher = Applier.Publisher = new EventPublisher(Backplane, Rooms.Feed, Applier.Apply, clock, logger);
        var outbound = new OutboundServices(settings.Outbound, logicalClock, Metrics, clock);
        var connections = new ConnectionLog(clock, logger);
        Sessions = new SessionServices(
            settings.Sessions, outbound, Rooms, sessions, publisher, connections, Metrics, clock, logger);

        var process = new ProcessResources();
        var profiler = new CallProfiler(process);
        Watchdog = new Watchdog(clock, settings.Registrations.Calls.WarnAfter, profiler)
        {
            CrashJournal = settings.CrashJournal,
        };
        Alarm = new ResourceAlarm(settings.Resources, clock, process, profiler, logger);
        Recorder = settings.TracedLines > 0 ? new FlightRecorder(settings.TracedLines) : null;
        Registrations = new RegistrationTable(settings.Registrations, Metrics, Rooms, Watchdog, clock, logger);
        Report = new HookReport(Registrations, LoadErrors, Watchdog);

        var echoes = new PluginEchoes(clock, logger);
        var route = new MessageRoute(Rooms, sessions, publisher, Recorder, echoes, clock);
        Inbound = new InboundServices(Sessions, Registrations, route, Watchdog);
        Messenger = new HostMessenger(Inbound, echoes);
        Recorders = [.. settings.Recorders.Select(each => new RecorderPump(each, Rooms.Feed, clock, logger))];
        Acceptor = new ConnectionAcceptor(Inbound, Applier, settings);
        Add(BuiltInCommands.Register(Sessions, Registrations, Report, Recorder, settings.OperatorKey));
    }

    public IBackplane Backplane { get; }
    public RoomDirectory Rooms { get; }
    public EventApplier Applier { get; }
    public ChatMetrics Metrics { get; }
    public SessionServices Sessions { get; }
    public Watchdog Watchdog { get; }
    public ResourceAlarm Alarm { get; }
    public FlightRecorder? Recorder { get; }
    public RegistrationTable Registrations { get; }
    public LoadErrors LoadErrors { get; } = new();
    public HookReport Report { get; }
    public IReadOnlyList<RecorderPump> Recorders { get; }
    public InboundServices Inbound { get; }
    public HostMessenger Messenger { get; }
    public ConnectionAcceptor Acceptor { get; }

    /// <summary>Adds a registration. Nothing is removed, so there is nothing to wait for.</summary>
    public void Add(Registration registration) => _ = Registrations.Swap(null, registration);

    /// <summary>Reads a room's events from now on.</summary>
    public IAsyncEnumerable<RoomEvent> Read(string room) => new RoomReader(Rooms, room, Acceptor.Stopping).Begin();

    public async ValueTask DisposeAsync()
    {
        await Backplane.DisposeAsync().ConfigureAwait(false);
        Alarm.Dispose();
        Watchdog.Dispose();
        Metrics.Dispose();
    }
}
