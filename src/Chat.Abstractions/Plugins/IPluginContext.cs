using Chat.Commands;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Plugins;

/// <summary>Everything a plugin or script can do. Scripts use its members without a prefix: <c>OnMessage(m =&gt;
/// Pass);</c> Everything registered through it is removed with the plugin.</summary>
/// <remarks>This is one flat interface, because C# resolves a script's unqualified names against the members of its
/// globals type, not against inherited ones (docs/explanation/adr/0003). Registering is allowed during the start only;
/// afterwards it throws. Sending is safe from any thread until the plugin is removed; after that it does
/// nothing.</remarks>
public interface IPluginContext
{
    /// <summary>The plugin's id: its file name without extension and numeric prefix.</summary>
    string Id { get; }

    /// <summary>The plugin's settings, read from the JSON file beside the plugin that has its name. Always the newest
    /// settings that the plugin has accepted.</summary>
    IPluginSettings Settings { get; }

    /// <summary>The plugin's own log.</summary>
    IPluginLog Log { get; }

    /// <summary>Stores texts by name in the host's data folder. They survive removal of the plugin and a
    /// restart.</summary>
    /// <remarks>Write whenever data changes. The last opportunity is when the plugin is disposed, and only if no other
    /// version has replaced it.</remarks>
    IPluginStore Store { get; }

    /// <summary>An HTTP client for this version. Pending requests are canceled when the version is removed.</summary>
    /// <value>A request takes at most 10 seconds; a response read as a whole is at most 4 MiB.</value>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed.</exception>
    HttpClient Http { get; }

    /// <summary>The host's clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>Whether the plugin's hooks, guards, commands, observers and timers may be called
    /// concurrently.</summary>
    /// <value>Default <see langword="false"/> for a script: its callbacks never overlap, so it needs no
    /// synchronization. Default <see langword="true"/> for a DLL.</value>
    /// <exception cref="InvalidOperationException">The property was set after the plugin had started.</exception>
    bool Concurrent { get; set; }

    /// <summary>Canceled when this version of the plugin is being removed; all work it has started should then
    /// end.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Adds a hook, which sees each message before it is sent and may change or stop it.</summary>
    /// <param name="hook">Processes a message; a plain <c>m =&gt; Pass</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when the hook acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnMessage(Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null);

    /// <summary>Adds a hook with a cancellation token.</summary>
    /// <param name="hook">Processes a message; an <c>async</c> lambda. Its token is canceled when the call is
    /// abandoned, the sender has gone, or the server stops.</param>
    /// <param name="options">Where and when the hook acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnMessage(Func<MessageContext, CancellationToken, ValueTask<HookResult>> hook, HookOptions? options = null);

    /// <summary>Adds a guard, which sees each final text and may only allow or deny it.</summary>
    /// <param name="guard">Allows or denies a message; a plain <c>m =&gt; Allow</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when the guard acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnSending(Func<MessageContext, ValueTask<Verdict>> guard, HookOptions? options = null);

    /// <summary>Adds a guard with a cancellation token.</summary>
    /// <param name="guard">Allows or denies a message; an <c>async</c> lambda. Its token is canceled when the call is
    /// abandoned, the sender has gone, or the server stops.</param>
    /// <param name="options">Where and when the guard acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnSending(Func<MessageContext, CancellationToken, ValueTask<Verdict>> guard, HookOptions? options = null);

    /// <summary>Adds an observer of message outcomes (sent or blocked). Nobody waits for it.</summary>
    /// <param name="observer">Called for one outcome at a time, in order.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnOutcome(Func<MessageOutcome, ValueTask> observer);

    /// <summary>Adds an observer of all room events: lines, joins, leaves, nick changes. Nobody waits for it.</summary>
    /// <param name="observer">Called for one event at a time, in the order of each room.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnEvent(Func<RoomEvent, ValueTask> observer);

    /// <summary>Adds an object as a hook, guard or observer, depending on the interfaces it implements.</summary>
    /// <param name="hook">An <see cref="IMessageHook"/>, <see cref="IMessageGuard"/> or <see cref="IMessageObserver"/>,
    /// or several in one.</param>
    /// <param name="options">Where and when it acts; ignored for an observer.</param>
    /// <exception cref="ArgumentException">The object implements none of the three interfaces.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void AddHook(object hook, HookOptions? options = null);

    /// <summary>Adds a command.</summary>
    /// <param name="name">The name without the slash.</param>
    /// <param name="usage">The arguments as shown by <c>/help</c>; empty if there are none.</param>
    /// <param name="help">A short description.</param>
    /// <param name="execute">Executes the command; a plain or an <c>async</c> lambda.</param>
    /// <exception cref="ArgumentException">The name is not 1 to 24 letters, digits, <c>-</c> or <c>_</c>.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has already registered this
    /// command.</exception>
    void Command(string name, string usage, string help, Func<CommandCall, ValueTask<CommandResult>> execute);

    /// <summary>Adds a timer, which first fires one interval after the plugin becomes active.</summary>
    /// <param name="interval">From 10 milliseconds to 40 days. Calls never overlap: a tick that is due during a call
    /// waits for the call to end.</param>
    /// <param name="tick">Called at each tick.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is out of range.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void Every(TimeSpan interval, Func<ValueTask> tick);

    /// <summary>Adds background work, which runs from the time the plugin becomes active until it ends by
    /// itself.</summary>
    /// <param name="work">The work; its token is <see cref="Stopping"/>. An exception ends the work and is
    /// logged.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void Run(Func<CancellationToken, Task> work);

    /// <summary>Registers a callback that saves state for the next version of this plugin.</summary>
    /// <param name="save">Called once, just before the next version takes over. Returns the state as text, at most 1
    /// MiB in UTF-8; <see langword="null"/> for none. An exception is logged, and the next version starts without
    /// state.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has already registered such a
    /// callback.</exception>
    void Save(Func<string?> save);

    /// <summary>Registers a callback that restores the state saved by the previous version.</summary>
    /// <param name="restore">Called after this version has started and before it becomes active; not called if no state
    /// was saved. An exception rejects this version.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has already registered such a
    /// callback.</exception>
    void Restore(Action<string> restore);

    /// <summary>Registers a callback for changed settings. Without it, a change of the settings file reloads the
    /// plugin.</summary>
    /// <param name="change">Called with the new settings, one call at a time. An exception rejects them, and the
    /// previous settings stay in force.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has already registered such a
    /// callback.</exception>
    void OnSettings(Action<IPluginSettings> change);

    /// <summary>Says a line in a room. It passes through the hooks for <see cref="MessageOrigins.Hook"/>.</summary>
    /// <param name="room">The room; if nobody is in it, only hooks and observers see the line.</param>
    /// <param name="nick">The nick to speak as, 1 to 24 printable characters; need not belong to a connected
    /// person.</param>
    /// <param name="text">One line, validated like user input.</param>
    /// <exception cref="ArgumentException">The nick or the text is invalid; the message says why.</exception>
    ValueTask SayAsync(string room, string nick, string text);

    /// <summary>Announces a line to a room in the name of the server. Hooks do not see it.</summary>
    /// <param name="room">The room; nothing happens if nobody is in it.</param>
    /// <param name="text">One line, validated like user input.</param>
    /// <exception cref="ArgumentException">The text is invalid; the message says why.</exception>
    ValueTask AnnounceAsync(string room, string text);

    /// <summary>Sends text to one person only. Nothing happens if nobody with that nick is connected. If the person has
    /// too much unread text already, the text is not delivered, which is logged.</summary>
    /// <param name="nick">The recipient's nick.</param>
    /// <param name="text">The text; may contain several lines separated by <c>\n</c>.</param>
    ValueTask TellAsync(string nick, string text);
}
