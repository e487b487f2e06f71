using Microsoft.Extensions.Hosting;

namespace Chat.Server.Memory;

/// <summary>
/// Gives memory back to the system when a burst is over, such as ten thousand people connecting at once: the runtime itself collects when
/// memory is wanted again, which in a quiet server may be never. It takes some milliseconds, in a moment in which nothing happens.
/// </summary>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    private const long Much = 16 * 1024 * 1024, Little = 256 * 1024;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var burst = new BurstEnd(Much, Little, GC.GetTotalAllocatedBytes());
        using var timer = new PeriodicTimer(_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (burst.Look(GC.GetTotalAllocatedBytes()))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
