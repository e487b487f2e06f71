namespace Chat.PluginHost.Tests.Compiling;

/// <summary>
/// A call into a script on a thread of its own, as the engine's hooks are called. The script says when it is inside.
/// </summary>
internal sealed class ScriptCall
{
    private readonly TaskCompletionSource _inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptCall(Action<Action> script)
    {
        Thread = new Thread(() => Run(script)) { IsBackground = true };
        Thread.Start();
    }

    public Thread Thread { get; }

    /// <summary>Completes, or fails, as the script does.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins a call and waits until it is inside.</summary>
    public static async Task<ScriptCall> BeginAsync(RunningScript script, CancellationToken cancellationToken)
    {
        var call = new ScriptCall((Action<Action>)script.Result);
        await call._inside.Task.WaitAsync(cancellationToken);
        return call;
    }

    private void Run(Action<Action> script)
    {
        try
        {
            script(() => _inside.TrySetResult());
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            _ended.SetException(exception);
        }
    }
}
