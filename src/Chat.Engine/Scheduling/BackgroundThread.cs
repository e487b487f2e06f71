namespace Chat.Engine.Scheduling;

/// <summary>Starts threads that do not keep the process alive and do not inherit the starter's culture or
/// <see cref="AsyncLocal{T}"/>s.</summary>
internal static class BackgroundThread
{
    /// <summary>Starts a thread.</summary>
    /// <exception cref="OutOfMemoryException">The system cannot create another thread.</exception>
    /// <exception cref="ThreadStartException">The system cannot create another thread.</exception>
    public static Thread Start(string name, ThreadStart run)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
#if NET
        thread.UnsafeStart();
#else
        thread.Start();
#endif
        return thread;
    }
}
