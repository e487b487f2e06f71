using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>
/// What a hook leaves behind in the ambient state of its thread: <see cref="AsyncLocal{T}"/>s, the culture, the current activity, the synchronization
/// context. The next hook is not to find it there, nor is the sender's lane to keep it, and with it the plugin, in memory.
/// </summary>
internal static class AmbientState
{
#if NET
    /// <summary>Calls a hook or guard, and puts the ambient state back as it was.</summary>
    public static ValueTask<HookResult> CallAsync(PipelineStep step, MessageContext message, CancellationToken cancellationToken)
    {
        var before = ExecutionContext.Capture();
        var posting = SynchronizationContext.Current;
        try
        {
            return step.CallAsync(message, cancellationToken);
        }
        finally
        {
            // None was captured where it is not to flow at all.
            if (before is not null && !ReferenceEquals(ExecutionContext.Capture(), before))
                ExecutionContext.Restore(before);
            if (!ReferenceEquals(SynchronizationContext.Current, posting))
                SynchronizationContext.SetSynchronizationContext(posting);
        }
    }
#else
    /// <summary>Calls a hook or guard, and puts the ambient state back as it was: that is what an async method does.</summary>
    public static async ValueTask<HookResult> CallAsync(PipelineStep step, MessageContext message, CancellationToken cancellationToken) =>
        await step.CallAsync(message, cancellationToken).ConfigureAwait(false);
#endif
}
