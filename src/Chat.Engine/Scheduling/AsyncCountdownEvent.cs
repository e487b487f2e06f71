namespace Chat.Engine.Scheduling;

/// <summary>Counts answers to a question until all are there; the first may come before it is known how many there will be.</summary>
internal sealed class AsyncCountdownEvent
{
    private readonly TaskCompletionSource<bool> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    /// <summary>Completes when as many have answered as were expected.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Says how many will answer. Called once.</summary>
    public void Expect(int answers) => Add(answers);

    /// <summary>One answer is there.</summary>
    public void Answer() => Add(-1);

    private void Add(int count)
    {
        // Below zero as long as there are answers and no expectation, so that it is zero only at the end.
        if (Interlocked.Add(ref _missing, count) == 0)
            _complete.TrySetResult(true);
    }
}
