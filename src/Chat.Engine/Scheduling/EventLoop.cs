namespace Chat.Engine.Scheduling;

/// <summary>A transport's own thread, which also does the engine's work for its connections where their bytes arrive:
/// reading lines, running hooks, and the rounds of the rooms. This saves two thread switches per line. If a plugin
/// holds the thread up, another thread takes over the loop, and the first one ends when the plugin returns.</summary>
internal abstract class EventLoop
{
    [ThreadStatic] private static EventLoop? _ofThisThread;

    /// <summary>Held while checking that this thread leads and, in the same step, adding or taking work.</summary>
    private readonly object _lock = new();

    private Thread? _leader;

    /// <summary>The loop that the current thread runs or used to run; <see langword="null"/> on any other
    /// thread.</summary>
    public static EventLoop? Current => _ofThisThread;

    /// <summary>Whether the current thread runs the loop and has not been replaced. Read under
    /// <see cref="Lock"/>.</summary>
    protected bool IsLeading => ReferenceEquals(_leader, Thread.CurrentThread);

    /// <summary>The lock that protects the state of the loop; held for a few lines.</summary>
    protected object Lock => _lock;

    /// <summary>Queues an item on the loop, to run after the events at hand. Called on the thread of
    /// <see cref="Current"/>.</summary>
    /// <returns><see langword="false"/> if this thread has been replaced; the item is not queued.</returns>
    public bool TryDefer(WorkItem item)
    {
        lock (_lock)
        {
            if (!IsLeading)
                return false;
            Defer(item);
            return true;
        }
    }

    /// <summary>Continues the loop on another thread, because a plugin holds up the current one.</summary>
    /// <param name="heldUp">The thread that is held up. Nothing happens if it does not run the loop now.</param>
    /// <returns><see langword="false"/> if the system cannot create another thread; the loop then waits for this thread
    /// to return or for another attempt.</returns>
    public bool GoOnWithout(Thread heldUp)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_leader, heldUp))
                return true;
            try
            {
                Start();
                return true;
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                return false;
            }
        }
    }

    /// <summary>Runs the loop on a new thread.</summary>
    /// <exception cref="OutOfMemoryException">The system cannot create another thread.</exception>
    /// <exception cref="ThreadStartException">The system cannot create another thread.</exception>
    protected void Start()
    {
        // The thread takes the lock before it does anything.
        lock (_lock)
            _leader = StartThread(Lead);
    }

    /// <summary>Starts a thread, or fails as <see cref="BackgroundThread.Start"/> does.</summary>
    protected virtual Thread StartThread(ThreadStart run) => BackgroundThread.Start("Chat loop", run);

    /// <summary>Queues an item to run after the events at hand. Called under <see cref="Lock"/>.</summary>
    protected abstract void Defer(WorkItem item);

    /// <summary>Runs the loop from where it was left, until <see cref="IsLeading"/> is false for this thread.</summary>
    protected abstract void Run();

    private void Lead()
    {
        _ofThisThread = this;
        Run();
        _ofThisThread = null;
    }
}
