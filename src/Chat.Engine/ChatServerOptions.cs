using Chat.Backplane;
using Chat.Commands;
using Chat.Connections;
using Chat.Engine.Backplane;
using Chat.Engine.Hooks;
using Chat.Engine.Hosting;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Outbound;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Sessions;
using Chat.Hooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine;

/// <summary>How a <see cref="ChatServer"/> behaves and what it is made of. Read once, when the server is made.</summary>
public sealed class ChatServerOptions
{
    private const int ShortestOperatorKey = 8, LeastThreadAlarm = 16;

    private const long LeastMemoryAlarm = 16 * 1024 * 1024;

    private readonly List<Registration> _registrations = [];
    private bool _isUsed;

    /// <summary>The name in the greeting.</summary>
    /// <value>Default <c>Chat</c>.</value>
    public string Name { get; set; } = "Chat";

    /// <summary>The room everyone starts in.</summary>
    /// <value>Default <c>lobby</c>.</value>
    public string DefaultRoom { get; set; } = "lobby";

    /// <summary>The longest line a client may send, in bytes without its end. What goes over is never buffered.</summary>
    /// <value>From 64 to 1 048 576; default 4096.</value>
    public int MaxLineBytes { get; set; } = 4096;

    /// <summary>The longest message, in bytes of UTF-8. Also holds for what hooks and plugins write.</summary>
    /// <value>From 1 to <see cref="MaxLineBytes"/>; default 2000.</value>
    public int MaxMessageBytes { get; set; } = 2000;

    /// <summary>How many rooms one client may be in at once.</summary>
    /// <value>From 1 to 1000; default 32.</value>
    public int MaxRoomsPerClient { get; set; } = 32;

    /// <summary>How many lines a room's log keeps at most for those who read behind. What all have read goes earlier.</summary>
    /// <value>A power of two from 16 to 1 048 576; default 32 768.</value>
    public int LogCapacity { get; set; } = 32 * 1024;

    /// <summary>How much memory a room's log keeps at most, in bytes, roughly. The newest line is always kept.</summary>
    /// <value>From 4096 up; default 8 MiB.</value>
    public long MaxLogBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How much memory the logs of all rooms keep at most, in bytes, approximately. Beyond it the fullest logs forget their oldest lines first; readers
    /// that still wanted these are told how many lines they missed.
    /// </summary>
    /// <value>From 1 MiB up; default an eighth of the memory that the process may use, but from 16 to 256 MiB.</value>
    public long MaxTotalLogBytes { get; set; } = DefaultTotalLogBytes();

    /// <summary>How many lines a member may be behind in a room before <see cref="SlowMember"/> applies.</summary>
    /// <value>From 1 to <see cref="LogCapacity"/> − 1; default 16 384: most of a second at the fastest a room can be.</value>
    public int MaxLagLines { get; set; } = 16 * 1024;

    /// <summary>What happens to a member who is too far behind.</summary>
    /// <value>Default <see cref="SlowMemberPolicy.Skip"/>.</value>
    public SlowMemberPolicy SlowMember { get; set; } = SlowMemberPolicy.Skip;

    /// <summary>How many private lines and replies may wait for one client. Then others are told they cannot be delivered, and the client's own commands wait.</summary>
    /// <value>From 8 to 65 536; default 256.</value>
    public int MaxUnreadReplies { get; set; } = 256;

    /// <summary>How long a connection may take not a single byte before it is closed.</summary>
    /// <value>From 10 ms to 1 hour; default 10 s.</value>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client that has gone or been closed may take to read what is left for it.</summary>
    /// <value>From 0 to 1 minute; default 5 s.</value>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a first line before greeting. A connection that ends within it is never seen by anyone.</summary>
    /// <value>From 0 (greet at once) to 10 s; default 50 ms.</value>
    public TimeSpan GreetingDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long stopping may take in all; then connections that still have something to read are broken.</summary>
    /// <value>From 0 to 1 minute; default 3 s.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a hook or guard may take for one message, unless its own options say otherwise. Then it has failed, and what it answers later is thrown away.</summary>
    /// <value>From 10 ms to 1 hour; default 250 ms.</value>
    public TimeSpan HookTimeBudget { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a call of a hook, guard, command, observer or timer may take before the log calls it slow.</summary>
    /// <value>From 1 ms to 1 hour; default 50 ms.</value>
    public TimeSpan HookWarnAfter { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long one call of a plugin's command, observer or timer may take before it is given up.</summary>
    /// <value>From 10 ms to 1 hour; default 5 s.</value>
    public TimeSpan CallTimeBudget { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many faults within <see cref="HookFaultWindow"/> disable a hook or guard.</summary>
    /// <value>From 1 to 1000; default 3.</value>
    public int HookFaultLimit { get; set; } = 3;

    /// <summary>Within which time <see cref="HookFaultLimit"/> faults disable a hook or guard.</summary>
    /// <value>From 1 s to 1 day; default 1 minute.</value>
    public TimeSpan HookFaultWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// When the managed heap of the process grows beyond this, calls of plugins are weighed until it is known which of them keeps the memory; that one goes
    /// disabled. Only on .NET: .NET Standard does not tell what a call allocates.
    /// </summary>
    /// <value>In bytes: 0 for never, or at least 16 MiB; default 512 MiB.</value>
    public long MemoryAlarm { get; set; } = 512 * 1024 * 1024;

    /// <summary>When the process has more threads than this besides those of the pool, calls of plugins are weighed until it is known which of them starts them.</summary>
    /// <value>0 for never, or from 16; default 512.</value>
    public int ThreadAlarm { get; set; } = 512;

    /// <summary>How many of the last lines <c>/why</c> can explain. Each keeps its texts, before and after each hook.</summary>
    /// <value>0 for none, or a power of two to 65 536; default 1024.</value>
    public int TracedLines { get; set; } = 1024;

    /// <summary>What a client types after <c>/operator</c> to become one: to see why anybody's line came out as it did, and to enable hooks.</summary>
    /// <value>Default <see langword="null"/>: nobody can. At least 8 characters.</value>
    public string? OperatorKey { get; set; }

    /// <summary>What an operator has overridden, by hook id.</summary>
    public IDictionary<string, HookOverride> Hooks { get; } = new Dictionary<string, HookOverride>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The transports.</summary>
    /// <value>At least one for clients to come in by; owned by the server, which disposes them.</value>
    public IList<IConnectionListener> Listeners { get; } = [];

    /// <summary>What orders events; owned by the server, which disposes it.</summary>
    /// <value>Default <see langword="null"/>: a server of its own.</value>
    public IBackplane? Backplane { get; set; }

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Where the server notes whose code is running, to be read after a crash.</summary>
    /// <value>Default <see langword="null"/>: nowhere.</value>
    public ICrashJournal? CrashJournal { get; set; }

    /// <summary>Where the server logs.</summary>
    /// <value>Default: nowhere.</value>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>What the application itself has registered.</summary>
    internal IReadOnlyList<Registration> Registrations => _registrations;

    /// <summary>Adds a hook of the application's own.</summary>
    /// <param name="id">Its id, for logs and <c>/hooks</c>.</param>
    /// <param name="hook">The decision; a plain <c>m =&gt; HookResult.Pass</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <returns>These options, to go on with.</returns>
    public ChatServerOptions AddHook(string id, Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null)
    {
        var registration = new Registration(id, "the application");
        registration.Add(new DelegateHook(hook), options);
        return Add(registration);
    }

    /// <summary>Adds a command of the application's own.</summary>
    /// <param name="command">The command.</param>
    /// <returns>These options, to go on with.</returns>
    public ChatServerOptions AddCommand(ChatCommand command)
    {
        var registration = new Registration($"command-{(command ?? throw new ArgumentNullException(nameof(command))).Name}", "the application");
        registration.Add(command);
        return Add(registration);
    }

    /// <summary>Adds hooks, guards, observers and commands of the application's own.</summary>
    /// <param name="registration">What to add.</param>
    /// <returns>These options, to go on with.</returns>
    public ChatServerOptions Add(Registration registration)
    {
        _registrations.Add(registration ?? throw new ArgumentNullException(nameof(registration)));
        return this;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ChatOptionsException">A value is out of its range; the message names it, the range and the value.</exception>
    public void Validate()
    {
        ChatOptionsException.ThrowIfEmpty(Name, nameof(Name));
        if (NameRules.ProblemWithRoom(DefaultRoom ?? "", out var room) is not null || room != DefaultRoom)
            throw new ChatOptionsException(nameof(DefaultRoom), $"must be a room's name: 1 to {NameRules.MaxRoomLength} printable characters without blanks and without a leading #, but is '{DefaultRoom}'");
        ChatOptionsException.ThrowIfOutOfRange(MaxLineBytes, 64, 1024 * 1024, nameof(MaxLineBytes));
        ChatOptionsException.ThrowIfOutOfRange(MaxMessageBytes, 1, MaxLineBytes, nameof(MaxMessageBytes));
        ChatOptionsException.ThrowIfOutOfRange(MaxRoomsPerClient, 1, 1000, nameof(MaxRoomsPerClient));
        ChatOptionsException.ThrowIfOutOfRange(LogCapacity, 16, 1024 * 1024, nameof(LogCapacity));
        if ((LogCapacity & (LogCapacity - 1)) != 0)
            throw new ChatOptionsException(nameof(LogCapacity), $"must be a power of two, but is {LogCapacity}");
        ChatOptionsException.ThrowIfOutOfRange(MaxLogBytes, 4096, long.MaxValue, nameof(MaxLogBytes));
        ChatOptionsException.ThrowIfOutOfRange(MaxTotalLogBytes, 1024 * 1024, long.MaxValue, nameof(MaxTotalLogBytes));
        ChatOptionsException.ThrowIfOutOfRange(MaxLagLines, 1, LogCapacity - 1, nameof(MaxLagLines));
        ChatOptionsException.ThrowIfOutOfRange(MaxUnreadReplies, 8, 65536, nameof(MaxUnreadReplies));
        ChatOptionsException.ThrowIfOutOfRange(SendTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(SendTimeout));
        ChatOptionsException.ThrowIfOutOfRange(FlushTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(FlushTimeout));
        ChatOptionsException.ThrowIfOutOfRange(GreetingDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10), nameof(GreetingDelay));
        ChatOptionsException.ThrowIfOutOfRange(HookTimeBudget, CallLimits.ShortestBudget, CallLimits.LongestBudget, nameof(HookTimeBudget));
        ChatOptionsException.ThrowIfOutOfRange(HookWarnAfter, TimeSpan.FromMilliseconds(1), CallLimits.LongestBudget, nameof(HookWarnAfter));
        ChatOptionsException.ThrowIfOutOfRange(CallTimeBudget, CallLimits.ShortestBudget, CallLimits.LongestBudget, nameof(CallTimeBudget));
        ChatOptionsException.ThrowIfOutOfRange(HookFaultLimit, 1, 1000, nameof(HookFaultLimit));
        ChatOptionsException.ThrowIfOutOfRange(HookFaultWindow, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(HookFaultWindow));
        if (MemoryAlarm is not 0 and < LeastMemoryAlarm)
            throw new ChatOptionsException(nameof(MemoryAlarm), $"must be 0 or at least {LeastMemoryAlarm}, but is {MemoryAlarm}");
        if (ThreadAlarm is not 0 and < LeastThreadAlarm)
            throw new ChatOptionsException(nameof(ThreadAlarm), $"must be 0 or at least {LeastThreadAlarm}, but is {ThreadAlarm}");
        ChatOptionsException.ThrowIfOutOfRange(TracedLines, 0, 65536, nameof(TracedLines));
        if ((TracedLines & (TracedLines - 1)) != 0)
            throw new ChatOptionsException(nameof(TracedLines), $"must be 0 or a power of two, but is {TracedLines}");
        if (OperatorKey is { Length: < ShortestOperatorKey })
            throw new ChatOptionsException(nameof(OperatorKey), $"must have at least {ShortestOperatorKey} characters");
        foreach (var hook in Hooks)
            ChatOptionsException.ThrowIfOutOfRange(hook.Value.TimeBudget ?? HookTimeBudget, CallLimits.ShortestBudget, CallLimits.LongestBudget, $"Hooks:{hook.Key}:{nameof(HookOptions.TimeBudget)}");
        ChatOptionsException.ThrowIfOutOfRange(StopTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(StopTimeout));
    }

    /// <summary>Copies the options, so that later changes have no effect on the server.</summary>
    /// <exception cref="InvalidOperationException">The options have listeners or a backplane, which belong to another server already.</exception>
    internal EngineSettings ToSettings()
    {
        if (_isUsed && (Listeners.Count > 0 || Backplane is not null))
        {
            throw new InvalidOperationException(
                "These options have made a server already, which owns their listeners and their backplane. Make new options for each server.");
        }

        _isUsed = true;
        return CopySettings();
    }

    private EngineSettings CopySettings() => new(
        new SessionSettings(Name, DefaultRoom, MaxLineBytes, MaxMessageBytes, MaxRoomsPerClient, GreetingDelay, FlushTimeout),
        new OutboundLimits(MaxLagLines, SlowMember == SlowMemberPolicy.Disconnect, MaxUnreadReplies, SendTimeout),
        new LogLimits(LogCapacity, MaxLogBytes, new LogBudget(MaxTotalLogBytes)),
        new RegistrationSettings(
            new CallLimits(HookTimeBudget, CallTimeBudget, HookWarnAfter, HookFaultLimit, HookFaultWindow),
            new Dictionary<string, HookOverride>(Hooks, StringComparer.OrdinalIgnoreCase),
            MaxMessageBytes),
        new ResourceLimits(MemoryAlarm, ThreadAlarm),
        TracedLines,
        OperatorKey,
        StopTimeout,
        [.. Listeners],
        Backplane ?? new LocalBackplane(),
        CrashJournal,
        Clock,
        LoggerFactory);

    private static long DefaultTotalLogBytes()
    {
        const long Least = 16 * 1024 * 1024, Most = 256 * 1024 * 1024;
#if NET
        return Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, Least, Most);
#else
        return Most;
#endif
    }
}
