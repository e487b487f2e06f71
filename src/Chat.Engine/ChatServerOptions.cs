using static Chat.Engine.ChatOptionsException;

namespace Chat.Engine;

/// <summary>The options of a <see cref="ChatServer"/>. Read once, when the server is created.</summary>
public sealed class ChatServerOptions
{
    private const int ShortestOperatorKey = 8, LeastThreadAlarm = 16, LeastMemoryAlarm = 16 * 1024 * 1024;

    private readonly List<Registration> _registrations = [];
    private bool _isUsed;

    /// <summary>The name in the greeting.</summary>
    /// <value>Default <c>Chat</c>.</value>
    public string Name { get; set; } = "Chat";

    /// <summary>The room everyone starts in.</summary>
    /// <value>Default <c>lobby</c>.</value>
    public string DefaultRoom { get; set; } = "lobby";

    /// <summary>The longest line a client may send, in bytes without its end. The excess is never buffered.</summary>
    /// <value>From 64 to 1 048 576; default 4096.</value>
    public int MaxLineBytes { get; set; } = 4096;

    /// <summary>The longest message, in bytes of UTF-8. Also applies to hooks and plugins.</summary>
    /// <value>From 1 to <see cref="MaxLineBytes"/>; default 2000.</value>
    public int MaxMessageBytes { get; set; } = 2000;

    /// <summary>How many clients may be connected at once. Further ones are told that the server is full, and are
    /// closed.</summary>
    /// <value>At least 1; default 0: as many as the process may open files (<c>ulimit -n</c>), less a reserve for
    /// everything else. Where that limit is not known, there is none.</value>
    public int MaxConnections { get; set; }

    /// <summary>The maximum number of rooms one client may be in at once.</summary>
    /// <value>From 1 to 1000; default 32.</value>
    public int MaxRoomsPerClient { get; set; } = 32;

    /// <summary>The maximum number of lines kept in a room's log. Lines that all have read go earlier.</summary>
    /// <value>A power of two from 16 to 1 048 576; default 32 768.</value>
    public int LogCapacity { get; set; } = 32 * 1024;

    /// <summary>The approximate memory limit of a room's log, in bytes. The newest line is always kept.</summary>
    /// <value>From 4096 up; default 8 MiB.</value>
    public long MaxLogBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The approximate memory limit of all room logs together, in bytes. Beyond it, the fullest logs drop
    /// their oldest lines first; readers that still wanted them are told how many lines they missed.</summary>
    /// <value>From 1 MiB up; default one eighth of the memory available to the process, from 16 to 256 MiB.</value>
    public long MaxTotalLogBytes { get; set; } = LogBudget.DefaultBytes;

    /// <summary>How many lines a member may lag behind in a room before <see cref="SlowMember"/> applies.</summary>
    /// <value>From 1 to <see cref="LogCapacity"/> − 1; default 16 384: most of a second in the fastest room.</value>
    public int MaxLagLines { get; set; } = 16 * 1024;

    /// <summary>What happens to a member who lags too far.</summary>
    /// <value>Default <see cref="SlowMemberPolicy.Skip"/>.</value>
    public SlowMemberPolicy SlowMember { get; set; } = SlowMemberPolicy.Skip;

    /// <summary>The maximum number of private lines and replies queued for one client. Beyond it, other senders are
    /// told that they cannot deliver, and the client's own commands wait.</summary>
    /// <value>From 8 to 65 536; default 256.</value>
    public int MaxUnreadReplies { get; set; } = 256;

    /// <summary>How long a client with pending output may acknowledge nothing before it is closed.</summary>
    /// <value>From 10 ms to 1 hour; default 10 s.</value>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client that has left or been closed may take to read its pending output.</summary>
    /// <value>From 0 to 1 minute; default 5 s.</value>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a first line before greeting. Connections that end earlier stay unseen.</summary>
    /// <value>From 0 (greet at once) to 10 s; default 50 ms.</value>
    public TimeSpan GreetingDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long stopping may take: connections with pending output are then aborted. Recorders that are not
    /// done then get the same time again.</summary>
    /// <value>From 0 to 1 minute; default 3 s.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The time budget of a hook or guard for one message, unless its own options set one. A call that exceeds
    /// it has failed, and its later answer is discarded.</summary>
    /// <value>From 10 ms to 1 hour; default 250 ms.</value>
    public TimeSpan HookTimeBudget { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a hook, guard, command, observer or timer may take before it is logged as slow.</summary>
    /// <value>From 1 ms to 1 hour; default 50 ms.</value>
    public TimeSpan HookWarnAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The time budget of one call of a plugin's command, observer or timer.</summary>
    /// <value>From 10 ms to 1 hour; default 5 s.</value>
    public TimeSpan CallTimeBudget { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The number of faults within <see cref="HookFaultWindow"/> that disables a hook or guard.</summary>
    /// <value>From 1 to 1000; default 3.</value>
    public int HookFaultLimit { get; set; } = 3;

    /// <summary>The period within which <see cref="HookFaultLimit"/> faults disable a hook or guard.</summary>
    /// <value>From 1 s to 1 day; default 1 minute.</value>
    public TimeSpan HookFaultWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The size of the managed heap beyond which plugin calls are profiled, to find and disable the plugin
    /// that keeps the memory. Only on .NET: .NET Standard does not report what a call allocates.</summary>
    /// <value>In bytes: 0 to disable, or at least 16 MiB; default 512 MiB.</value>
    public long MemoryAlarm { get; set; } = 512 * 1024 * 1024;

    /// <summary>The number of threads outside the pool beyond which calls are profiled, to find who starts
    /// them.</summary>
    /// <value>0 to disable, or at least 16; default 512.</value>
    public int ThreadAlarm { get; set; } = 512;

    /// <summary>How many recent lines <c>/why</c> can explain. Each keeps its texts around each hook.</summary>
    /// <value>0 for none, or a power of two up to 65 536; default 1024.</value>
    public int TracedLines { get; set; } = 1024;

    /// <summary>The key for <c>/operator</c>. Operators may trace anybody's line and enable hooks.</summary>
    /// <value>At least 8 characters; default <see langword="null"/>: no operators.</value>
    public string? OperatorKey { get; set; }

    /// <summary>The operator's overrides, by hook id.</summary>
    public IDictionary<string, HookOverride> Hooks { get; } =
        new Dictionary<string, HookOverride>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long the handshakes of a connection's layers, such as TLS, may take together.</summary>
    /// <value>From 100 ms to 10 minutes; default 10 s.</value>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The listeners, owned and disposed by the server.</summary>
    /// <value>Default empty; clients need at least one to connect.</value>
    public ChatListenerCollection Listeners { get; } = [];

    /// <summary>The backplane that orders events, owned and disposed by the server.</summary>
    /// <value>Default <see langword="null"/>: a single server.</value>
    public IBackplane? Backplane { get; set; }

    /// <summary>Record everything that happens in the rooms; while one is a whole log behind, publishing waits. Not
    /// owned by the server.</summary>
    /// <value>Default empty.</value>
    public IList<IEventRecorder> Recorders { get; } = [];

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Records whose code is running, to be read after a crash.</summary>
    /// <value>Default <see langword="null"/>: nothing is recorded.</value>
    public ICrashJournal? CrashJournal { get; set; }

    /// <summary>Creates the server's logger.</summary>
    /// <value>Default: no logging.</value>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The application's own registrations.</summary>
    internal IReadOnlyList<Registration> Registrations => _registrations;

    /// <summary>Adds a hook of the application.</summary>
    /// <param name="id">The hook's id, for logs and <c>/hooks</c>.</param>
    /// <param name="hook">The hook: a plain <c>m =&gt; HookResult.Pass</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <returns>These options, for chaining.</returns>
    public ChatServerOptions AddHook(
        string id, Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null)
    {
        var registration = new Registration(id, "the application");
        registration.Add(new DelegateHook(hook), options);
        return Add(registration);
    }

    /// <summary>Adds a command of the application.</summary>
    /// <param name="command">The command.</param>
    /// <returns>These options, for chaining.</returns>
    public ChatServerOptions AddCommand(ChatCommand command)
    {
        _ = command ?? throw new ArgumentNullException(nameof(command));
        var registration = new Registration($"command-{command.Name}", "the application");
        registration.Add(command);
        return Add(registration);
    }

    /// <summary>Adds hooks, guards, observers and commands of the application.</summary>
    /// <param name="registration">The registration to add.</param>
    /// <returns>These options, for chaining.</returns>
    public ChatServerOptions Add(Registration registration)
    {
        _registrations.Add(registration ?? throw new ArgumentNullException(nameof(registration)));
        return this;
    }

    /// <summary>Validates all options.</summary>
    /// <exception cref="ChatOptionsException">A value is out of range; the message names it, the range and the
    /// value.</exception>
    public void Validate()
    {
        ThrowIfEmpty(Name, nameof(Name));
        if (NameRules.ProblemWithRoom(DefaultRoom ?? "", out var room) is not null || room != DefaultRoom)
        {
            throw new ChatOptionsException(
                nameof(DefaultRoom),
                $"must be a room's name: 1 to {NameRules.MaxRoomLength} printable characters "
                + $"without blanks and without a leading #, but is '{DefaultRoom}'");
        }

        ThrowIfOutOfRange(MaxLineBytes, 64, 1024 * 1024, nameof(MaxLineBytes));
        ThrowIfOutOfRange(MaxMessageBytes, 1, MaxLineBytes, nameof(MaxMessageBytes));
        ThrowIfOutOfRange(MaxRoomsPerClient, 1, 1000, nameof(MaxRoomsPerClient));
        ThrowIfOutOfRange(LogCapacity, 16, 1024 * 1024, nameof(LogCapacity));
        if ((LogCapacity & (LogCapacity - 1)) != 0)
            throw new ChatOptionsException(nameof(LogCapacity), $"must be a power of two, but is {LogCapacity}");
        ThrowIfOutOfRange(MaxLogBytes, 4096, long.MaxValue, nameof(MaxLogBytes));
        ThrowIfOutOfRange(MaxTotalLogBytes, 1024 * 1024, long.MaxValue, nameof(MaxTotalLogBytes));
        ThrowIfOutOfRange(MaxLagLines, 1, LogCapacity - 1, nameof(MaxLagLines));
        ThrowIfOutOfRange(MaxUnreadReplies, 8, 65536, nameof(MaxUnreadReplies));
        ThrowIfOutOfRange(SendTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(SendTimeout));
        ThrowIfOutOfRange(FlushTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(FlushTimeout));
        ThrowIfOutOfRange(GreetingDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10), nameof(GreetingDelay));
        ThrowIfOutOfRange(
            HandshakeTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(HandshakeTimeout));
        ThrowIfOutOfRange(HookTimeBudget, CallLimits.ShortestBudget, CallLimits.LongestBudget, nameof(HookTimeBudget));
        ThrowIfOutOfRange(HookWarnAfter, TimeSpan.FromMilliseconds(1), CallLimits.LongestBudget, nameof(HookWarnAfter));
        ThrowIfOutOfRange(CallTimeBudget, CallLimits.ShortestBudget, CallLimits.LongestBudget, nameof(CallTimeBudget));
        ThrowIfOutOfRange(HookFaultLimit, 1, 1000, nameof(HookFaultLimit));
        ThrowIfOutOfRange(HookFaultWindow, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(HookFaultWindow));
        if (MemoryAlarm is not 0 and < LeastMemoryAlarm)
            throw BelowAlarm(nameof(MemoryAlarm), LeastMemoryAlarm, MemoryAlarm);
        if (ThreadAlarm is not 0 and < LeastThreadAlarm)
            throw BelowAlarm(nameof(ThreadAlarm), LeastThreadAlarm, ThreadAlarm);
        ThrowIfOutOfRange(TracedLines, 0, 65536, nameof(TracedLines));
        if ((TracedLines & (TracedLines - 1)) != 0)
            throw new ChatOptionsException(nameof(TracedLines), $"must be 0 or a power of two, but is {TracedLines}");
        if (OperatorKey is { Length: < ShortestOperatorKey })
            throw new ChatOptionsException(nameof(OperatorKey), $"must have at least {ShortestOperatorKey} characters");
        foreach (var hook in Hooks)
        {
            var option = $"Hooks:{hook.Key}:{nameof(HookOptions.TimeBudget)}";
            var budget = hook.Value.TimeBudget ?? HookTimeBudget;
            ThrowIfOutOfRange(budget, CallLimits.ShortestBudget, CallLimits.LongestBudget, option);
        }

        ThrowIfOutOfRange(MaxConnections, 0, int.MaxValue, nameof(MaxConnections));
        ThrowIfOutOfRange(StopTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(StopTimeout));
    }

    /// <summary>Copies the options, so that later changes do not affect the server.</summary>
    /// <exception cref="InvalidOperationException">The options hold listeners or a backplane that already belong to
    /// another server.</exception>
    internal EngineSettings ToSettings()
    {
        if (_isUsed && (Listeners.Count > 0 || Backplane is not null))
        {
            throw new InvalidOperationException(
                "These options already belong to a server, which owns their listeners and their backplane. "
                + "Create new options for each server.");
        }

        _isUsed = true;
        return CopySettings(new TextProtocol(DefaultRoom));
    }

    private static ChatOptionsException BelowAlarm(string option, long least, long value) =>
        new(option, $"must be 0 or at least {least}, but is {value}");

    /// <param name="text">The protocol of all listeners that name no other: they share the encoded lines.</param>
    private EngineSettings CopySettings(TextProtocol text) => new(
        new SessionSettings(
            Name, DefaultRoom, MaxLineBytes, MaxMessageBytes, MaxRoomsPerClient, GreetingDelay, HandshakeTimeout,
            FlushTimeout),
        new OutboundLimits(MaxLagLines, SlowMember == SlowMemberPolicy.Disconnect, MaxUnreadReplies, SendTimeout),
        new LogLimits(LogCapacity, MaxLogBytes, new LogBudget(MaxTotalLogBytes)),
        new RegistrationSettings(
            new CallLimits(HookTimeBudget, CallTimeBudget, HookWarnAfter, HookFaultLimit, HookFaultWindow),
            new Dictionary<string, HookOverride>(Hooks, StringComparer.OrdinalIgnoreCase), MaxMessageBytes),
        new ResourceLimits(MemoryAlarm, ThreadAlarm),
        TracedLines,
        OperatorKey,
        StopTimeout,
        MaxConnections,
        [.. Listeners.Select(listener => new ListenerSettings(
            listener.Transport, listener.Protocol ?? text, [.. listener.Layers]))],
        Backplane ?? new LocalBackplane(),
        [.. Recorders],
        CrashJournal,
        Clock,
        LoggerFactory);
}
