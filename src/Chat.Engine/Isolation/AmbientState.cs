namespace Chat.Engine.Isolation;

/// <summary>
/// Keeps what a plugin changes in the ambient state of its thread (<see cref="AsyncLocal{T}"/>s, the culture, the current activity, the synchronization
/// context) from the next plugin and from the caller, which would also keep the plugin in memory.
/// </summary>
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
            // Nothing is captured where the flow is suppressed.
            if (before is not null && !ReferenceEquals(ExecutionContext.Capture(), before))
                ExecutionContext.Restore(before);
            if (!ReferenceEquals(SynchronizationContext.Current, posting))
                SynchronizationContext.SetSynchronizationContext(posting);
        }
    }
#else
    /// <summary>Makes a call and restores the ambient state, as every asynchronous method does.</summary>
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
