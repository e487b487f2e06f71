using Microsoft.Extensions.Hosting;

namespace Chat.Server.Memory;

/// <summary>Returns memory to the system when a burst is over, such as ten thousand people connecting at once. The
/// runtime itself collects only when it needs memory again, which in a quiet server may be never. A collection takes
/// some milliseconds, and comes when little happens: fewer than a hundred lines per second.</summary>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    /// <summary>In bytes; a line allocates about 500.</summary>
    public const long Much = 16 * 1024 * 1024, Little = 24 * 1024;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns how many bytes have been allocated so far.</summary>
    public Func<long> Allocated { get; init; } = static () => GC.GetTotalAllocatedBytes();

    /// <summary>Collects everything and returns free memory to the system.</summary>
    public Action Collect { get; init; } = static () =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

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
