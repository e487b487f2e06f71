namespace Chat.Engine.Scheduling;

/// <summary>Something that runs on the pool, or on the event loop that asks for it, as often as it is queued, without an allocation.</summary>
internal abstract class WorkItem
#if NET
    : IThreadPoolWorkItem
#endif
{
    /// <summary>Runs it, on a thread of the pool or of an event loop, for which others wait: it waits for nobody.</summary>
    public abstract void Execute();

    /// <summary>Lets it run behind all that is queued already. Does not fail: nobody else asks for it again.</summary>
    protected void Queue()
    {
        try
        {
            if (EventLoop.Current is { } loop && loop.TryDefer(this))
                return;
        }
        catch (ThreadInterruptedException)
        {
            // A plugin that has been given up has called us. The interrupt is meant for its own next wait.
            Thread.CurrentThread.Interrupt();
        }

        QueueOnPool();
    }

    /// <summary>Lets it run on the pool, whoever asks.</summary>
    protected void QueueOnPool()
    {
#if NET
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
#else
        ThreadPool.UnsafeQueueUserWorkItem(static item => ((WorkItem)item!).Execute(), this);
#endif
    }
}
