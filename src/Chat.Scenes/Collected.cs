namespace Chat.Scenes;

/// <summary>What has come in so far, and a way to wait for more. Safe from any thread.</summary>
/// <typeparam name="T">What is collected.</typeparam>
public sealed class Collected<T>
{
    private readonly object _lock = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>All of it, in order.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    /// <summary>Takes one in.</summary>
    /// <param name="item">The item.</param>
    public void Add(T item)
    {
        lock (_lock)
        {
            _items.Add(item);
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>Waits until there are so many.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>All there are then.</returns>
    public Task<IReadOnlyList<T>> WaitForAsync(int count, CancellationToken cancellationToken) =>
        WaitUntilAsync(items => items.Count >= count, cancellationToken);

    /// <summary>Waits for one that is as wanted.</summary>
    /// <param name="isWanted">Whether it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first such.</returns>
    public async Task<T> WaitForAsync(Predicate<T> isWanted, CancellationToken cancellationToken)
    {
        var all = await WaitUntilAsync(items => items.Exists(isWanted), cancellationToken).ConfigureAwait(false);
        return all.First(item => isWanted(item));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<IReadOnlyList<T>> WaitUntilAsync(Predicate<List<T>> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (isEnough(_items))
                    return [.. _items];
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
