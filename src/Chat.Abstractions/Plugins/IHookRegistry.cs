using Chat.Events;
using Chat.Hooks;

namespace Chat.Plugins;

/// <summary>Takes what a plugin wants to do with messages. Open only while the plugin starts.</summary>
public interface IHookRegistry
{
    /// <summary>Adds a hook: sees each message before it is sent and may change or stop it.</summary>
    /// <param name="hook">The decision; a plain <c>m =&gt; Pass</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnMessage(Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null);

    /// <summary>Adds a guard: sees each final text and may only allow or deny it.</summary>
    /// <param name="guard">The decision; a plain <c>m =&gt; Allow</c> or an <c>async</c> lambda.</param>
    /// <param name="options">Where and when it acts.</param>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void OnSending(Func<MessageContext, ValueTask<Verdict>> guard, HookOptions? options = null);

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
}
