namespace Chat.Engine.Rooms;

/// <summary>Something that runs on the pool, as often as it is queued, without an allocation.</summary>
internal abstract class PoolItem
#if NET
    : IThreadPoolWorkItem
#endif
{
    /// <summary>Runs it. On a thread of the pool.</summary>
    public abstract void Execute();

    /// <summary>Lets it run behind all that is queued already.</summary>
    protected void Queue()
    {
#if NET
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
#else
        ThreadPool.UnsafeQueueUserWorkItem(static item => ((PoolItem)item!).Execute(), this);
#endif
    }
}
