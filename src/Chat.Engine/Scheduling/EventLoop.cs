namespace Chat.Engine.Scheduling;

/// <summary>
/// A transport's own thread, on which the engine's work for its connections is done right where their bytes arrive: reading a line,
/// the hooks, and the rounds of the rooms. That saves two changes of threads for each line. Should a plugin hold the thread up, another
/// one takes over what the loop has to do, and the first goes when it comes back.
/// </summary>
internal abstract class EventLoop
{
    [ThreadStatic] private static EventLoop? _ofThisThread;

    private volatile Thread? _leader;

    /// <summary>The loop whose thread this is; <see langword="null"/> on any other thread, and on one that has been replaced.</summary>
    public static EventLoop? Current => _ofThisThread is { IsLeading: true } loop ? loop : null;

    /// <summary>Whether this thread runs the loop, and has not been replaced.</summary>
    protected bool IsLeading => ReferenceEquals(_leader, Thread.CurrentThread);

    /// <summary>Does something on this thread, behind the events at hand. Called on the loop's own thread.</summary>
    public abstract void Defer(WorkItem item);

    /// <summary>The thread is held up by a plugin: another one goes on with the loop.</summary>
    /// <param name="heldUp">The thread. Nothing happens when it is not the one that runs the loop now.</param>
    public void GoOnWithout(Thread heldUp)
    {
        if (ReferenceEquals(_leader, heldUp))
            Start();
    }

    /// <summary>Runs the loop on a thread of its own.</summary>
    protected void Start()
    {
        var thread = new Thread(Lead) { IsBackground = true, Name = "Chat loop" };
        _leader = thread;
        thread.Start();
    }

    /// <summary>Runs the loop, from wherever it was left, until it ends or this thread is no longer <see cref="IsLeading"/>.</summary>
    protected abstract void Run();

    private void Lead()
    {
        _ofThisThread = this;
        Run();
        _ofThisThread = null;
    }
}
