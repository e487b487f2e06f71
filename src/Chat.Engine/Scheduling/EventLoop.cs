namespace Chat.Engine.Scheduling;

/// <summary>
/// A transport's own thread, on which the engine's work for its connections is done right where their bytes arrive: reading a line,
/// the hooks, and the rounds of the rooms. That saves two changes of threads for each line. Should a plugin hold the thread up, another
/// one takes over what the loop has to do, and the first goes when it comes back.
/// </summary>
internal abstract class EventLoop
{
    [ThreadStatic] private static EventLoop? _ofThisThread;

    /// <summary>Held to look whether this thread leads and, in the same step, to take or leave what there is to do.</summary>
    private readonly object _lock = new();

    private Thread? _leader;

    /// <summary>The loop whose thread this is or was; <see langword="null"/> on any other thread.</summary>
    public static EventLoop? Current => _ofThisThread;

    /// <summary>Whether this thread runs the loop, and has not been replaced. Asked under <see cref="Lock"/>.</summary>
    protected bool IsLeading => ReferenceEquals(_leader, Thread.CurrentThread);

    /// <summary>The lock under which all that the loop stands at is changed; held for a few lines.</summary>
    protected object Lock => _lock;

    /// <summary>Lets something be done by the loop, behind the events at hand. Called on <see cref="Current"/>.</summary>
    /// <returns><see langword="false"/> when this thread has been replaced: it may come too late.</returns>
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

    /// <summary>The thread is held up by a plugin: another one goes on with the loop.</summary>
    /// <param name="heldUp">The thread. Nothing happens when it is not the one that runs the loop now.</param>
    /// <returns><see langword="false"/> when the system has no other thread to give: the loop waits, for this one or for another try.</returns>
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

    /// <summary>Runs the loop on a thread of its own.</summary>
    /// <exception cref="OutOfMemoryException">The system has none to give.</exception>
    /// <exception cref="ThreadStartException">The same.</exception>
    protected void Start()
    {
        // The thread takes the lock before it does anything.
        lock (_lock)
            _leader = StartThread(Lead);
    }

    /// <summary>Starts a thread, or fails as <see cref="BackgroundThread.Start"/> does.</summary>
    protected virtual Thread StartThread(ThreadStart run) => BackgroundThread.Start("Chat loop", run);

    /// <summary>Keeps something to be done behind the events at hand. Called under <see cref="Lock"/>.</summary>
    protected abstract void Defer(WorkItem item);

    /// <summary>Runs the loop, from wherever it was left, until this thread is no longer <see cref="IsLeading"/>.</summary>
    protected abstract void Run();

    private void Lead()
    {
        _ofThisThread = this;
        Run();
        _ofThisThread = null;
    }
}
