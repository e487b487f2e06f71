#if !NET
namespace Chat.Engine.Scheduling;

/// <summary>What .NET Standard 2.0 lacks.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for a task, or until the wait is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static async Task WaitAsync(this Task task, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), cancelled);
        if (await Task.WhenAny(task, cancelled.Task).ConfigureAwait(false) != task)
            cancellationToken.ThrowIfCancellationRequested();
        await task.ConfigureAwait(false);
    }
}
#endif
