using System.Collections.Concurrent;

namespace Chat.Benchmarks.Running;

/// <summary>When each version was first seen on a line. Safe from any thread.</summary>
internal sealed class Sightings
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<long>> _seen = new();
    private int _newest = -1;

    /// <summary>Notes that a line of this version has come.</summary>
    public void See(int version)
    {
        // Most lines are of a version that has been seen.
        if (version <= Volatile.Read(ref _newest))
            return;
        Volatile.Write(ref _newest, version);
        Of(version).TrySetResult(TimeProvider.System.GetTimestamp());
    }

    /// <summary>Waits for the first line of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="talking">Those who talk; when one of them fails, no line will come.</param>
    /// <returns>When it came, as a timestamp.</returns>
    /// <exception cref="TimeoutException">It has not come within a minute.</exception>
    public async Task<long> WhenAsync(int version, IReadOnlyCollection<Task> talking)
    {
        var seen = Of(version).Task;
        if (await Task.WhenAny([seen, .. talking]).WaitAsync(TimeSpan.FromMinutes(1)) is var first && first != seen)
            await first;
        var when = await seen;
        _seen.TryRemove(version, out _);
        return when;
    }

    private TaskCompletionSource<long> Of(int version) =>
        _seen.GetOrAdd(version, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
