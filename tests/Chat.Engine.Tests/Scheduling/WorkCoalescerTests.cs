using Chat.Engine.Scheduling;

namespace Chat.Engine.Tests.Scheduling;

public sealed class WorkCoalescerTests
{
    private WorkCoalescer _work;

    [Test]
    public void Only_the_first_to_ask_must_see_to_it()
    {
        bool[] mustBegin = [_work.Request(), _work.Request()];

        Assert.That(mustBegin, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void A_turn_is_begun_by_one_at_a_time()
    {
        bool[] begun = [_work.TryBegin(), _work.TryBegin()];

        Assert.That(begun, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void A_turn_that_nobody_asked_for_meanwhile_ends()
    {
        _work.TryBegin();

        Assert.That((_work.End(), _work.Request()), Is.EqualTo((false, true)));
    }

    [Test]
    public void Asking_while_it_runs_makes_whoever_ends_it_see_to_another()
    {
        _work.TryBegin();

        Assert.That(
            (_work.Request(), _work.End(), _work.TryBegin(), _work.End()), Is.EqualTo((false, true, true, false)));
    }

    [Test]
    public void Trying_to_begin_while_it_runs_asks_for_another()
    {
        _work.TryBegin();

        Assert.That((_work.TryBegin(), _work.End()), Is.EqualTo((false, true)));
    }

    [Test]
    public void What_was_asked_for_may_be_begun_by_anyone()
    {
        _work.Request();

        Assert.That((_work.TryBegin(), _work.End()), Is.EqualTo((true, false)));
    }

    [Test]
    [CancelAfter(20000)]
    public async Task Nothing_that_is_published_before_asking_is_missed(CancellationToken cancellationToken)
    {
        const int Each = 100_000;
        long published = 0, seen = 0;
        var isRunning = 0;
        var overlaps = 0;

        void Run()
        {
            do
            {
                if (Interlocked.Exchange(ref isRunning, 1) == 1)
                    Interlocked.Increment(ref overlaps);
                seen = Interlocked.Read(ref published);
                Interlocked.Exchange(ref isRunning, 0);
            }
            while (_work.End() && _work.TryBegin());
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(
            () =>
            {
                for (var count = 0; count < Each; count++)
                {
                    Interlocked.Increment(ref published);
                    if (worker == 0 ? _work.TryBegin() : _work.Request() && _work.TryBegin())
                        Run();
                }
            },
            cancellationToken)));

        Assert.That((Volatile.Read(ref seen), overlaps), Is.EqualTo((3L * Each, 0)));
    }
}
