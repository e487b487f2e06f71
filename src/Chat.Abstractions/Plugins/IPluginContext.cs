using Chat.Commands;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Plugins;

/// <summary>
/// Everything a plugin or script can do. In a script its members are in scope as they are: <c>OnMessage(m =&gt; Pass);</c>
/// All that is registered through it is removed with the plugin.
/// </summary>
/// <remarks>
/// One flat interface, because C# binds a script's bare names to its globals type alone and not to what that inherits
/// (docs/explanation/adr/0003). Registering is for the start: afterwards it throws. Speaking is safe from any thread, at any time until the
/// plugin is removed; then it does nothing.
/// </remarks>
public interface IPluginContext
{
    /// <summary>The plugin's id: its file name without extension and numeric prefix.</summary>
    string Id { get; }

    /// <summary>The plugin's settings: the JSON file of the plugin's name beside it. The newest ones that the plugin has taken.</summary>
    IPluginSettings Settings { get; }

    /// <summary>The plugin's own log.</summary>
    IPluginLog Log { get; }

    /// <summary>What the plugin keeps beyond its own life: a few texts by name, in the host's data folder.</summary>
    /// <remarks>Write when something changes. The last chance is the plugin's cleaning up, and only if no other version has taken its place.</remarks>
    IPluginStore Store { get; }

    /// <summary>A client for web requests, this version's own: what is under way is cancelled when the version is removed.</summary>
    /// <value>A request takes at most 10 seconds, and an answer that is read as a whole has at most 4 MiB.</value>
    /// <exception cref="ObjectDisposedException">This version of the plugin has been removed.</exception>
    HttpClient Http { get; }

    /// <summary>The host's clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>Whether hooks, guards, commands, observers and timers of this plugin may be called at the same time.</summary>
    /// <value>
    /// Default <see langword="false"/> for a script: its callbacks never overlap, so it need not know about threads.
    /// Default <see langword="true"/> for a DLL.
    /// </value>
    /// <exception cref="InvalidOperationException">Set after the plugin has started.</exception>
    bool Concurrent { get; set; }

    /// <summary>Set when this version of the plugin is being removed; whatever the plugin has started should then end.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Adds a hook: sees each message before it is sent and may change or stop it.</summary>
    /// <param name="hook">The decision; a plain <c>m =&gt; Pass</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnMessage(Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null);

    /// <summary>Adds a hook that learns when nobody waits for it any more.</summary>
    /// <param name="hook">The decision; an <c>async</c> lambda. Its token is set when the call is given up, the sender is gone, or the server stops.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnMessage(Func<MessageContext, CancellationToken, ValueTask<HookResult>> hook, HookOptions? options = null);

    /// <summary>Adds a guard: sees each final text and may only allow or deny it.</summary>
    /// <param name="guard">The decision; a plain <c>m =&gt; Allow</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnSending(Func<MessageContext, ValueTask<Verdict>> guard, HookOptions? options = null);

    /// <summary>Adds a guard that learns when nobody waits for it any more.</summary>
    /// <param name="guard">The decision; an <c>async</c> lambda. Its token is set when the call is given up, the sender is gone, or the server stops.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnSending(Func<MessageContext, CancellationToken, ValueTask<Verdict>> guard, HookOptions? options = null);

    /// <summary>Adds an observer of what was sent or blocked. Nobody waits for it.</summary>
    /// <param name="observer">Called for one outcome at a time, in order.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnOutcome(Func<MessageOutcome, ValueTask> observer);

    /// <summary>Adds an observer of everything that happens in rooms: lines, joins, leaves, nick changes. Nobody waits for it.</summary>
    /// <param name="observer">Called for one event at a time, in the order of each room.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnEvent(Func<RoomEvent, ValueTask> observer);

    /// <summary>Adds a hook, guard or observer that is an object, by the interfaces it implements.</summary>
    /// <param name="hook">An <see cref="IMessageHook"/>, <see cref="IMessageGuard"/>, <see cref="IMessageObserver"/>, or several of them in one.</param>
    /// <param name="options">Where and when it acts; not used for an observer.</param>
    /// <exception cref="ArgumentException">It implements none of the three.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void AddHook(object hook, HookOptions? options = null);

    /// <summary>Adds a command.</summary>
    /// <param name="name">Its name without the slash.</param>
    /// <param name="usage">Its arguments, as <c>/help</c> shows them; empty when it takes none.</param>
    /// <param name="help">What it does, in a few words.</param>
    /// <param name="execute">What it answers; a plain or an <c>async</c> lambda.</param>
    /// <exception cref="ArgumentException">The name is not 1 to 24 letters, digits, <c>-</c> or <c>_</c>.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has registered this command before.</exception>
    void Command(string name, string usage, string help, Func<CommandCall, ValueTask<CommandResult>> execute);

    /// <summary>Adds a timer, which first fires one interval after the plugin has gone live.</summary>
    /// <param name="interval">From 10 milliseconds to 40 days. Never two calls at once: a tick that comes during a call waits for its end.</param>
    /// <param name="tick">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void Every(TimeSpan interval, Func<ValueTask> tick);

    /// <summary>Adds work that goes on beside everything else, from the moment the plugin goes live until it ends by itself.</summary>
    /// <param name="work">The work; its token is <see cref="Stopping"/>. An exception ends it and is logged.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void Run(Func<CancellationToken, Task> work);

    /// <summary>Says what the next version of this plugin is to know. Called once, just before that version takes over.</summary>
    /// <param name="save">Makes a text of it, at most 1 MiB in UTF-8; <see langword="null"/> for nothing. An exception is logged, and the next version starts afresh.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has said so before.</exception>
    void Save(Func<string?> save);

    /// <summary>Takes over what the version before this one has saved. Called after this version has started and before it goes live; not called when nothing was saved.</summary>
    /// <param name="restore">Reads the text. An exception refuses this version.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has said so before.</exception>
    void Restore(Action<string> restore);

    /// <summary>Takes changed settings while the plugin goes on. Without it, a change of the settings file loads the plugin anew.</summary>
    /// <param name="change">Called with the new settings, one call at a time. An exception refuses them; those before stay in force.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has said so before.</exception>
    void OnSettings(Action<IPluginSettings> change);

    /// <summary>Says a line in a room, through the hooks that listen to <see cref="MessageOrigins.Hook"/>.</summary>
    /// <param name="room">The room; when nobody is in it only hooks and observers see the line.</param>
    /// <param name="nick">In whose name, 1 to 24 printable characters; no one needs to be connected by it.</param>
    /// <param name="text">One line; checked as user input is.</param>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    ValueTask SayAsync(string room, string nick, string text);

    /// <summary>Announces a line to a room in the server's voice. Hooks do not see it.</summary>
    /// <param name="room">The room; nothing happens when nobody is in it.</param>
    /// <param name="text">One line; checked as user input is.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    ValueTask AnnounceAsync(string room, string text);

    /// <summary>Tells one person something that nobody else sees. Nothing happens when no one of that nick is connected; one with too much unread already does not get it, which is logged.</summary>
    /// <param name="nick">Whom.</param>
    /// <param name="text">What; may hold several lines parted by <c>\n</c>.</param>
    ValueTask TellAsync(string nick, string text);
}
