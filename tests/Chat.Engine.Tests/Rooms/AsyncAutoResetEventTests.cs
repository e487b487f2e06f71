using Chat.Engine.Rooms;

namespace Chat.Engine.Tests.Rooms;

[CancelAfter(10000)]
public sealed class AsyncAutoResetEventTests
{
    [Test]
    public async Task A_wait_ends_when_the_signal_is_set(CancellationToken cancellationToken)
    {
        var signal = new AsyncAutoResetEvent();
        var waiting = signal.WaitAsync().AsTask();

        signal.Wake();

        Assert.That(async () => await waiting.WaitAsync(cancellationToken), Throws.Nothing);
        await waiting;
    }

    [Test]
    public void A_wait_for_a_signal_that_is_not_set_does_not_end()
    {
        var signal = new AsyncAutoResetEvent();

        var waiting = signal.WaitAsync();

        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_wake_before_the_wait_is_remembered_once(CancellationToken cancellationToken)
    {
        var signal = new AsyncAutoResetEvent();
        signal.Wake();
        signal.Wake();

        await signal.WaitAsync().AsTask().WaitAsync(cancellationToken);
        var second = signal.WaitAsync();

        Assert.That(second.IsCompleted, Is.False);
    }

    [Test]
    public async Task The_waiter_does_not_run_on_the_wakers_thread(CancellationToken cancellationToken)
    {
        var signal = new AsyncAutoResetEvent();
        using var woken = new ManualResetEventSlim();
        var waiting = Task.Run(
            async () =>
            {
                await signal.WaitAsync().ConfigureAwait(false);
                return woken.Wait(TimeSpan.FromSeconds(9), cancellationToken);
            },
            cancellationToken);

        // Were the waiter to run inside Wake, it would wait for what only comes after it.
        signal.Wake();
        woken.Set();

        Assert.That(await waiting, Is.True);
    }

    [Test]
    public async Task No_wake_up_is_lost_between_several_wakers_and_one_waiter(CancellationToken cancellationToken)
    {
        const int Wakers = 3;
        const int Each = 20_000;
        var signal = new AsyncAutoResetEvent();
        var written = 0;
        var seen = 0;

        var wakers = Enumerable.Range(0, Wakers).Select(_ => Task.Run(
            () =>
            {
                for (var count = 0; count < Each; count++)
                {
                    Interlocked.Increment(ref written);
                    signal.Wake();
                }
            },
            cancellationToken)).ToList();
        while (seen < Wakers * Each)
        {
            await signal.WaitAsync().AsTask().WaitAsync(cancellationToken);
            seen = Volatile.Read(ref written);
        }

        await Task.WhenAll(wakers);
        Assert.That(seen, Is.EqualTo(Wakers * Each));
    }

    [Test]
    public async Task No_wake_up_is_lost_when_each_waits_for_the_other(CancellationToken cancellationToken)
    {
        const int Rounds = 20_000;
        AsyncAutoResetEvent ping = new(), pong = new();

        var answering = Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    await ping.WaitAsync().ConfigureAwait(false);
                    pong.Wake();
                }
            },
            cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            ping.Wake();
            await pong.WaitAsync().AsTask().WaitAsync(cancellationToken);
        }

        Assert.That(async () => await answering.WaitAsync(cancellationToken), Throws.Nothing);
    }
}
