namespace Chat.Engine.Scheduling;

/// <summary>Threads that do not keep the process alive, and that have nothing of whoever happens to start them: no culture, no <see cref="AsyncLocal{T}"/>.</summary>
internal static class BackgroundThread
{
    /// <summary>Starts a thread.</summary>
    /// <exception cref="OutOfMemoryException">The system has none to give.</exception>
    /// <exception cref="ThreadStartException">The same.</exception>
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
