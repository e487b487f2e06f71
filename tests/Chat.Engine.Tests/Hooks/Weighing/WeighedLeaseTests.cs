using Chat.Engine.Hooks;
using Chat.Engine.Hooks.Weighing;
using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine.Tests.Hooks.Weighing;

/// <summary>Calls are weighed to their end, however they end.</summary>
[CancelAfter(30000)]
public sealed class WeighedLeaseTests
{
    [Test]
    public async Task A_call_that_comes_back_too_late_overlaps_none_of_those_after_it(CancellationToken cancellationToken)
    {
        var scales = new CallScales(new ThisProcess());
        scales.Start(_ => { });
        using var metrics = new ChatMetrics(server: null);
        using var watchdog = new Watchdog(TimeProvider.System, TimeSpan.FromMinutes(1), scales);
        var identity = new HookIdentity("Hook", "late", "late", "late.dll");
        var callee = new Callee(
            identity, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), new HookTelemetry(identity, metrics, NullLogger.Instance, TimeProvider.System), new Breaker(3, TimeSpan.FromMinutes(1), TimeProvider.System));
        var owner = new Successor();
        var lease = new Lease(owner, watchdog, cancellationToken);

        var isLost = await Task.Run(
            () =>
            {
                lease.Begin();
                lease.Enter(callee);
                while (!owner.HasTakenOver && !cancellationToken.IsCancellationRequested)
                    Thread.SpinWait(20);
                try
                {
                    lease.Exit();
                    return false;
                }
                catch (LeaseLostException)
                {
                    return true;
                }
            },
            CancellationToken.None);

        Assert.That((isLost, scales.Begin().IsAlone), Is.EqualTo((true, true)));
    }

    private sealed class Successor : ILeaseOwner
    {
        private volatile bool _hasTakenOver;

        public bool HasTakenOver => _hasTakenOver;

        public void TakeOver(Lease lost) => _hasTakenOver = true;
    }
}
