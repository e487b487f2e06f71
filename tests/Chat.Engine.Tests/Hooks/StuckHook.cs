using Chat.Hooks;
using Chat.Scenes.Clients;

namespace Chat.Engine.Tests.Hooks;

/// <summary>A hook, guard and observer that never comes back from some messages, as a plugin with an endless loop does,
/// until it is released.</summary>
/// <param name="isStuckOn">On which texts.</param>
internal sealed class StuckHook(Predicate<string> isStuckOn) : IMessageHook, IMessageGuard, IMessageObserver
{
    private volatile bool _released;

    /// <summary>The texts it is or was stuck on.</summary>
    public Collected<string> Stuck { get; } = new();

    /// <summary>Gives one item for each call that has returned after all.</summary>
    public Collected<string> CameBack { get; } = new();

    /// <summary>The texts it has seen, in order.</summary>
    public Collected<string> Seen { get; } = new();

    /// <summary>Whether it may come back.</summary>
    public bool IsReleased => _released;

    /// <summary>Lets it come back.</summary>
    public void Release() => _released = true;

    /// <inheritdoc/>
    public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
        Spin(message.Text) ? HookResult.Rewrite("too late") : HookResult.Pass;

    /// <inheritdoc/>
    public ValueTask<Verdict> OnSendingAsync(MessageContext message, CancellationToken cancellationToken)
    {
        Spin(message.Text);
        return Verdict.Allow;
    }

    /// <inheritdoc/>
    public ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken)
    {
        Spin(outcome.Message.Text);
        return default;
    }

    private bool Spin(string text)
    {
        Seen.Add(text);
        if (_released || !isStuckOn(text))
            return false;
        Stuck.Add(text);
        while (!_released)
            Thread.Yield();
        CameBack.Add(text);
        return true;
    }
}
