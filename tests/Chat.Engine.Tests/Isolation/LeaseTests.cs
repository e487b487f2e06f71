using System.Runtime.CompilerServices;
using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Isolation.Targets;
using Chat.Engine.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine.Tests.Isolation;

/// <summary>One runner, one call, and the watchdog that looks at it.</summary>
[CancelAfter(30000)]
public sealed class LeaseTests
{
    private readonly CallProfiler _profiler = new(new ProcessResources());
    private readonly Successor _successor = new();

    [Test]
    public async Task Time_in_which_the_runtime_compiles_what_is_new_is_not_counted(CancellationToken cancellationToken)
    {
        // At each look another second has been spent on compiling: no time is left that the call could have used.
        var looks = 0;
        using var watchdog = NewWatchdog(() => TimeSpan.FromSeconds(Interlocked.Increment(ref looks)));

        var isLost = await IsLostAsync(watchdog, () => Volatile.Read(ref looks) > 50, cancellationToken);

        Assert.That((isLost, Volatile.Read(ref looks) > 50), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Time_in_which_the_runtime_compiles_what_others_use_often_is_counted(
        CancellationToken cancellationToken)
    {
        var looks = 0;
        using var watchdog = NewWatchdog(() => TimeSpan.FromSeconds(Interlocked.Increment(ref looks)));

        var isLost = await IsLostAsync(watchdog, () => _successor.HasTakenOver, cancellationToken, callsBefore: 1000);

        Assert.That(isLost, Is.True);
    }

    [Test]
    public void What_was_registered_on_the_token_is_let_go_with_the_line(CancellationToken cancellationToken)
    {
        using var watchdog = NewWatchdog(() => TimeSpan.Zero);
        var lease = new Lease(_successor, watchdog, cancellationToken);
        var registered = Register(lease);

        lease.Forget();
        GC.Collect();

        Assert.That(registered.IsAlive, Is.False);
        GC.KeepAlive(lease);
    }

    [Test]
    public async Task A_profiled_call_that_returns_too_late_is_counted(CancellationToken cancellationToken)
    {
        _profiler.Start(() => { });
        using var watchdog = NewWatchdog(() => TimeSpan.Zero);

        var isLost = await IsLostAsync(watchdog, () => _successor.HasTakenOver, cancellationToken);

        Assert.That((isLost, _profiler.All.Single().Calls), Is.EqualTo((true, 1L)));
    }

    /// <summary>Once it is taken nobody looks at the thread any more, and its loop would stand still for
    /// good.</summary>
    [Test]
    public async Task A_lease_is_not_taken_while_its_loop_can_have_no_other_thread(CancellationToken cancellationToken)
    {
        var looks = 0;
        using var metrics = new ChatMetrics(server: null);
        using var watchdog = NewWatchdog(() =>
        {
            Interlocked.Increment(ref looks);
            return TimeSpan.Zero;
        });
        var lease = new Lease(_successor, watchdog, cancellationToken);
        var wasTaken = false;
        var loop = new TestLoop();

        await loop.RunAsync(mine =>
        {
            mine.Failures = int.MaxValue;
            lease.Begin();
            lease.Enter(NewTarget(metrics));
            while (Volatile.Read(ref looks) <= 50 && !cancellationToken.IsCancellationRequested)
                Thread.Yield();
            wasTaken = _successor.HasTakenOver;
            mine.Failures = 0;
            while (!_successor.HasTakenOver && !cancellationToken.IsCancellationRequested)
                Thread.Yield();
            Assert.That(() => lease.Exit(), Throws.InstanceOf<LeaseLostException>());
        }).WaitAsync(cancellationToken);

        Assert.That((wasTaken, _successor.HasTakenOver), Is.EqualTo((false, true)));
    }

    /// <summary>What ends with the owner is not held up by what plugins do when they are told.</summary>
    [Test]
    public void The_owners_end_does_not_wait_for_what_was_registered_on_the_token(CancellationToken cancellationToken)
    {
        using var watchdog = NewWatchdog(() => TimeSpan.Zero);
        using var owner = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var told = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        var lease = new Lease(_successor, watchdog, owner.Token);
        lease.Token.Register(() =>
        {
            told.Set();
            released.Wait(cancellationToken);
        });

        owner.Cancel();

        Assert.That(() => told.Wait(cancellationToken), Throws.Nothing);
        Assert.That(released.IsSet, Is.False);
        released.Set();
        lease.Release();
    }

    [Test]
    public void A_line_may_be_forgotten_when_its_owner_has_ended(CancellationToken cancellationToken)
    {
        using var watchdog = NewWatchdog(() => TimeSpan.Zero);
        using var owner = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lease = new Lease(_successor, watchdog, owner.Token);
        var token = lease.Token;

        owner.Cancel();
        token.WaitHandle.WaitOne();

        // The token is set on the pool, where it may go on for a moment.
        for (var time = 0; time < 10_000; time++)
            Assert.That(() => lease.Forget(), Throws.Nothing);
        Assert.That(token.IsCancellationRequested, Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Register(Lease lease)
    {
        var plugins = new object();
        lease.Token.Register(static state => GC.KeepAlive(state), plugins);
        return new WeakReference(plugins);
    }

    private Watchdog NewWatchdog(Func<TimeSpan> compilationTime) =>
        new(TimeProvider.System, TimeSpan.FromMinutes(1), _profiler) { CompilationTime = compilationTime };

    private static CallTarget NewTarget(ChatMetrics metrics)
    {
        var identity = new HookIdentity("Hook", "late", "late", "late.dll");
        return new CallTarget(
            identity, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1),
            new HookTelemetry(identity, metrics, NullLogger.Instance, TimeProvider.System),
            new CircuitBreaker(3, TimeSpan.FromMinutes(1), TimeProvider.System));
    }

    /// <summary>Makes one call with a budget of 10 ms, which lasts until it is done.</summary>
    private async Task<bool> IsLostAsync(
        Watchdog watchdog, Func<bool> isDone, CancellationToken cancellationToken, int callsBefore = 0)
    {
        using var metrics = new ChatMetrics(server: null);
        var target = NewTarget(metrics);
        target.Statistics.Called(callsBefore);
        var lease = new Lease(_successor, watchdog, cancellationToken);
        return await Task.Run(
            () =>
            {
                lease.Begin();
                lease.Enter(target);
                while (!isDone() && !cancellationToken.IsCancellationRequested)
                    Thread.Yield();
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
    }

    private sealed class Successor : ILeaseOwner
    {
        private volatile bool _hasTakenOver;

        public bool HasTakenOver => _hasTakenOver;

        public void TakeOver(Lease lost) => _hasTakenOver = true;
    }
}
