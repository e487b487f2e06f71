using Chat.Engine.Scheduling;

namespace Chat.Engine.Tests.Scheduling;

/// <summary>A loop that does what a test says, on a thread of its own, and what was deferred when the test says
/// so.</summary>
internal sealed class TestLoop : EventLoop
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<WorkItem> _deferred = new();
    private Action<TestLoop>? _script;

    /// <summary>How often starting a thread fails from now on.</summary>
    public int Failures { get; set; }

    /// <summary>The lock of the loop, for a test to hold.</summary>
    public object HeldLock => Lock;

    /// <summary>How many threads have run it.</summary>
    public int Threads { get; private set; }

    /// <summary>How much waits to be done.</summary>
    public int Deferred => _deferred.Count;

    /// <summary>Runs a script on the loop's thread.</summary>
    /// <returns>Ends with the script, and fails with it.</returns>
    public Task RunAsync(Action<TestLoop> script)
    {
        _script = script;
        Start();
        return _ended.Task;
    }

    /// <summary>Does what was deferred first.</summary>
    public void RunOne() => _deferred.Dequeue().Execute();

    /// <summary>Does what was deferred, and what is deferred meanwhile.</summary>
    public void RunDeferred()
    {
        while (_deferred.TryDequeue(out var item))
            item.Execute();
    }

    protected override Thread StartThread(ThreadStart run) =>
        Failures-- > 0 ? throw new InsufficientMemoryException("no more threads") : base.StartThread(run);

    protected override void Defer(WorkItem item) => _deferred.Enqueue(item);

    protected override void Run()
    {
        Threads++;
        if (Interlocked.Exchange(ref _script, null) is not { } script)
            return;
        try
        {
            script(this);
            _ended.TrySetResult(true);
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
    }
}
