namespace Chat.Scenes.Clients;

/// <summary>The items that have arrived so far, and a way to wait for more. Safe from any thread.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class Collected<T>
{
    private readonly object _lock = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>All items so far, in order. A copy.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    /// <summary>Adds an item.</summary>
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

    /// <summary>Waits until there is a number of items.</summary>
    /// <param name="count">The number.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>All items at that time.</returns>
    public Task<IReadOnlyList<T>> WaitForAsync(int count, CancellationToken cancellationToken) =>
        WaitUntilAsync(items => items.Count >= count, cancellationToken);

    /// <summary>Waits for an item that matches.</summary>
    /// <param name="isWanted">Whether an item matches.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The first item that matches.</returns>
    public async Task<T> WaitForAsync(Predicate<T> isWanted, CancellationToken cancellationToken)
    {
        var all = await WaitUntilAsync(items => items.Exists(isWanted), cancellationToken).ConfigureAwait(false);
        return all.First(item => isWanted(item));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<IReadOnlyList<T>> WaitUntilAsync(
        Predicate<List<T>> isEnough, CancellationToken cancellationToken)
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
