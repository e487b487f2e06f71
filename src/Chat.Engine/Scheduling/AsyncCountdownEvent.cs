namespace Chat.Engine.Scheduling;

/// <summary>Completes when all expected answers have arrived. Answers may arrive before the expected number is
/// known.</summary>
internal sealed class AsyncCountdownEvent
{
    private readonly TaskCompletionSource<bool> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    /// <summary>Completes when the expected number of answers has arrived.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Sets the expected number of answers. Called once.</summary>
    public void Expect(int answers) => Add(answers);

    /// <summary>Counts one answer.</summary>
    public void Answer() => Add(-1);

    private void Add(int count)
    {
        // Negative while answers arrive before the expectation, so it reaches zero only at the end.
        if (Interlocked.Add(ref _missing, count) == 0)
            _complete.TrySetResult(true);
    }
}
