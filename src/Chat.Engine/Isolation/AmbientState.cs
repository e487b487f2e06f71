namespace Chat.Engine.Isolation;

/// <summary>Restores the ambient state of the thread (<see cref="AsyncLocal{T}"/>s, the culture, the current activity,
/// the synchronization context) after a plugin changes it. Otherwise the changes would reach the next plugin and the
/// caller, and keep the plugin in memory.</summary>
internal static class AmbientState
{
#if NET
    /// <summary>Makes a call and restores the ambient state.</summary>
    /// <param name="call">The call.</param>
    /// <param name="depth">The causal depth that the call runs at.</param>
    /// <param name="cancellationToken">Passed to the call.</param>
    public static ValueTask<T> CallAsync<TCall, T>(in TCall call, int depth, CancellationToken cancellationToken)
        where TCall : struct, IPluginCall<T>
    {
        var before = ExecutionContext.Capture();
        var posting = SynchronizationContext.Current;
        try
        {
            if (depth > 0)
                CausalDepth.Current = depth;
            return call.InvokeAsync(cancellationToken);
        }
        finally
        {
            // Capture returns null if the flow is suppressed.
            if (before is not null && !ReferenceEquals(ExecutionContext.Capture(), before))
                ExecutionContext.Restore(before);
            if (!ReferenceEquals(SynchronizationContext.Current, posting))
                SynchronizationContext.SetSynchronizationContext(posting);
        }
    }
#else
    /// <summary>Makes a call. As in every asynchronous method, the ambient state is restored on return.</summary>
    /// <param name="call">The call.</param>
    /// <param name="depth">The causal depth that the call runs at.</param>
    /// <param name="cancellationToken">Passed to the call.</param>
    public static async ValueTask<T> CallAsync<TCall, T>(TCall call, int depth, CancellationToken cancellationToken)
        where TCall : struct, IPluginCall<T>
    {
        if (depth > 0)
            CausalDepth.Current = depth;
        return await call.InvokeAsync(cancellationToken).ConfigureAwait(false);
    }
#endif
}
