using Microsoft.Extensions.Hosting;

namespace Chat.Server.Memory;

/// <summary>
/// Gives memory back to the system when a burst is over, such as ten thousand people connecting at once: the runtime itself collects when
/// memory is wanted again, which in a quiet server may be never. It takes some milliseconds, in a moment in which little happens: fewer than
/// a hundred lines a second.
/// </summary>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    /// <summary>In bytes; a line takes some 500.</summary>
    public const long Much = 16 * 1024 * 1024, Little = 24 * 1024;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Tells how many bytes have been allocated so far.</summary>
    public Func<long> Allocated { get; init; } = static () => GC.GetTotalAllocatedBytes();

    /// <summary>Collects all there is and gives the rest back.</summary>
    public Action Collect { get; init; } = static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var burst = new BurstEnd(Much, Little, Allocated());
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (burst.Look(Allocated()))
                Collect();
        }
    }
}
