namespace Chat.Engine.Scheduling;

/// <summary>Work that runs on the pool, or on the event loop that queues it, once each time it is queued, without an
/// allocation.</summary>
internal abstract class WorkItem
#if NET
    : IThreadPoolWorkItem
#endif
{
    /// <summary>Runs the work on a thread of the pool or of an event loop. Must not block.</summary>
    public abstract void Execute();

    /// <summary>Queues the work behind everything already queued. Never fails, because nobody would queue it
    /// again.</summary>
    protected void Queue()
    {
        try
        {
            if (EventLoop.Current is { } loop && loop.TryDefer(this))
                return;
        }
        catch (ThreadInterruptedException)
        {
            // Called by an abandoned plugin. The interrupt is meant for the plugin's own next wait.
            Thread.CurrentThread.Interrupt();
        }

        QueueOnPool();
    }

    /// <summary>Queues the work on the pool, even if called on an event loop.</summary>
    protected void QueueOnPool()
    {
#if NET
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
#else
        ThreadPool.UnsafeQueueUserWorkItem(static item => ((WorkItem)item!).Execute(), this);
#endif
    }
}
