using System.Diagnostics;
using Chat.Transport.Tcp.Epoll;

namespace Chat.Transport.Tcp.Tests.Epoll;

[CancelAfter(30000)]
public sealed class ReadinessTests
{
    private readonly Readiness _readiness = new();
    private readonly IOException _failure = new("gone");

    [Test]
    public void A_set_before_the_wait_is_remembered()
    {
        _readiness.Set();
        _readiness.Set();

        Assert.That(_readiness.WaitAsync().AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(_readiness.IsFinal, Is.False);
    }

    [Test]
    public void A_wait_ends_when_it_is_set()
    {
        var waiting = _readiness.WaitAsync().AsTask();
        var wasPending = !waiting.IsCompleted;

        _readiness.Set();

        Assert.That((wasPending, waiting.IsCompletedSuccessfully), Is.EqualTo((true, true)));
    }

    [Test]
    public void What_was_told_stays_until_it_is_cleared()
    {
        var first = _readiness.WaitAsync().AsTask();
        _readiness.Set();

        var second = _readiness.WaitAsync().AsTask();
        _readiness.Clear();
        var third = _readiness.WaitAsync().AsTask();

        Assert.That((first.IsCompleted, second.IsCompleted, third.IsCompleted), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void One_wait_follows_another()
    {
        var ended = 0;

        for (var round = 0; round < 3; round++)
        {
            _readiness.Clear();
            var waiting = _readiness.WaitAsync().AsTask();
            _readiness.Set();
            ended += waiting.IsCompletedSuccessfully ? 1 : 0;
        }

        Assert.That(ended, Is.EqualTo(3));
    }

    [Test]
    public void Clearing_does_not_end_a_wait_and_does_not_lose_it()
    {
        var waiting = _readiness.WaitAsync().AsTask();

        _readiness.Clear();
        var wasPending = !waiting.IsCompleted;
        _readiness.Set();

        Assert.That((wasPending, waiting.IsCompletedSuccessfully), Is.EqualTo((true, true)));
    }

    [Test]
    public void The_end_stays()
    {
        var waiting = _readiness.WaitAsync().AsTask();

        _readiness.SetFinal();
        _readiness.Clear();
        _readiness.Set();
        _readiness.Clear();

        Assert.That(_readiness.IsFinal, Is.True);
        Assert.That(waiting.IsCompletedSuccessfully, Is.True);
        Assert.That(_readiness.WaitAsync().AsTask().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task A_failure_ends_the_wait_and_every_later_one(CancellationToken cancellationToken)
    {
        var waiting = _readiness.WaitAsync(cancellationToken).AsTask();

        _readiness.Fail(_failure);

        await Assert.ThatAsync(() => waiting.WaitAsync(cancellationToken), Throws.Exception.SameAs(_failure));
        await Assert.ThatAsync(
            () => _readiness.WaitAsync(cancellationToken).AsTask(), Throws.Exception.SameAs(_failure));
        await Assert.ThatAsync(
            () => _readiness.WaitAsync(cancellationToken).AsTask(), Throws.Exception.SameAs(_failure));
    }

    [Test]
    public async Task A_failure_after_the_end_ends_later_waits()
    {
        _readiness.SetFinal();

        _readiness.Fail(_failure);

        await Assert.ThatAsync(() => _readiness.WaitAsync().AsTask(), Throws.Exception.SameAs(_failure));
    }

    [Test]
    public async Task After_a_failure_nothing_changes()
    {
        _readiness.Fail(_failure);

        _readiness.Set();
        _readiness.SetFinal();
        _readiness.Clear();

        Assert.That(_readiness.IsFinal, Is.True);
        await Assert.ThatAsync(() => _readiness.WaitAsync().AsTask(), Throws.Exception.SameAs(_failure));
    }

    [Test]
    public async Task A_wait_that_is_cancelled_ends_and_the_next_one_is_as_ever()
    {
        using var cancelling = new CancellationTokenSource();
        var cancelled = _readiness.WaitAsync(cancelling.Token).AsTask();

        _readiness.Cancel(cancelling.Token);
        await Assert.ThatAsync(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        var next = _readiness.WaitAsync(CancellationToken.None).AsTask();
        var wasPending = !next.IsCompleted;
        _readiness.Set();

        Assert.That((wasPending, next.IsCompletedSuccessfully), Is.EqualTo((true, true)));
    }

    [Test]
    public void To_cancel_when_nobody_waits_changes_nothing()
    {
        _readiness.Cancel(CancellationToken.None);
        _readiness.Set();
        _readiness.Cancel(CancellationToken.None);

        Assert.That(_readiness.WaitAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(_readiness.IsFinal, Is.False);
    }

    [Test]
    public async Task Whoever_waits_goes_on_where_it_is_set([Values] bool isFinal)
    {
        var setting = Thread.CurrentThread;
        var goingOn = GoOnAsync();

        if (isFinal)
            _readiness.SetFinal();
        else
            _readiness.Set();

        Assert.That(goingOn.IsCompleted, Is.True);
        Assert.That(await goingOn, Is.SameAs(setting));
    }

    [Test]
    public async Task Whoever_waits_goes_on_elsewhere_when_it_fails(CancellationToken cancellationToken)
    {
        var goingOn = GoOnAsync();
        var failing = new Thread(() => _readiness.Fail(_failure));

        failing.Start();

        Assert.That(await goingOn.WaitAsync(cancellationToken), Is.Not.SameAs(failing));
    }

    [Test]
    public async Task No_set_is_lost_between_a_look_and_the_wait_that_follows(CancellationToken cancellationToken)
    {
        const int Most = 100_000;
        var told = 0;
        var seen = 0;
        var last = int.MaxValue;
        var since = Stopwatch.StartNew();
        var seeing = Task.Run(SeeAsync, cancellationToken);

        for (var round = 1; round <= last; round++)
        {
            // As many rounds as a busy machine has time for.
            if (round == Most || since.Elapsed > TimeSpan.FromSeconds(5))
                Volatile.Write(ref last, round);
            Volatile.Write(ref told, round);
            _readiness.Set();
            var spin = default(SpinWait);
            while (Volatile.Read(ref seen) < round && !cancellationToken.IsCancellationRequested)
                spin.SpinOnce(sleep1Threshold: -1);
        }

        Assert.That(Volatile.Read(ref seen), Is.EqualTo(last));
        await seeing;

        async Task SeeAsync()
        {
            while (seen < Volatile.Read(ref last))
            {
                _readiness.Clear();
                var now = Volatile.Read(ref told);
                if (now == seen)
                    await _readiness.WaitAsync(cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref seen, now);

                // The continuation is on the setter's thread: back to one beside it.
                await Task.Yield();
            }
        }
    }

    /// <summary>Waits, and tells which thread it continued on.</summary>
    private async Task<Thread> GoOnAsync()
    {
        try
        {
            await _readiness.WaitAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // This is an end, too.
        }

        return Thread.CurrentThread;
    }
}
