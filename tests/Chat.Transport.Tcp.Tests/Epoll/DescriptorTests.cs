using Chat.Transport.Tcp.Epoll;

namespace Chat.Transport.Tcp.Tests.Epoll;

[Platform("Linux")]
[CancelAfter(30000)]
public sealed class DescriptorTests : IDisposable
{
    private readonly OpenFile _file = new();
    private readonly OpenFile _next = new();
    private Descriptor _descriptor;

    public void Dispose()
    {
        _file.Dispose();
        _next.Dispose();
    }

    [Test]
    public void Nobody_inside_it_is_closed_at_once()
    {
        _descriptor = new Descriptor(_file.Open());

        var isFirst = _descriptor.Close();

        Assert.That(isFirst, Is.True);
        Assert.That(_file.IsAt(_descriptor.Number), Is.False);
    }

    [Test]
    public void It_is_closed_when_the_last_call_has_left()
    {
        _descriptor = new Descriptor(_file.Open());
        _descriptor.TryEnter();
        _descriptor.TryEnter();

        _descriptor.Close();
        var withTwo = _file.IsAt(_descriptor.Number);
        _descriptor.Exit();
        var withOne = _file.IsAt(_descriptor.Number);
        _descriptor.Exit();
        var withNone = _file.IsAt(_descriptor.Number);

        Assert.That((withTwo, withOne, withNone), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Calls_that_come_and_go_leave_it_open()
    {
        _descriptor = new Descriptor(_file.Open());

        var hasEntered = _descriptor.TryEnter();
        _descriptor.Exit();
        var isOpen = _file.IsAt(_descriptor.Number);

        Assert.That((hasEntered, isOpen), Is.EqualTo((true, true)));
        _descriptor.Close();
    }

    [Test]
    public void Once_closed_nobody_is_let_in()
    {
        _descriptor = new Descriptor(_file.Open());

        _descriptor.Close();

        Assert.That(_descriptor.TryEnter(), Is.False);
        Assert.That(_descriptor.TryEnter(), Is.False);
    }

    [Test]
    public void Nobody_is_let_in_while_it_waits_for_the_last_call()
    {
        _descriptor = new Descriptor(_file.Open());
        _descriptor.TryEnter();

        _descriptor.Close();
        var isLetIn = _descriptor.TryEnter();
        var isOpen = _file.IsAt(_descriptor.Number);
        _descriptor.Exit();

        Assert.That((isLetIn, isOpen), Is.EqualTo((false, true)));
    }

    [Test]
    public void Only_the_first_close_counts()
    {
        _descriptor = new Descriptor(_file.Open());
        _descriptor.TryEnter();

        bool[] closed = [_descriptor.Close(), _descriptor.Close()];
        _descriptor.Exit();
        closed = [.. closed, _descriptor.Close()];

        Assert.That(closed, Is.EqualTo(new[] { true, false, false }));
    }

    /// <summary>
    /// Whoever opens a file gets the number as soon as it is free: a second close, or a call that is still inside,
    /// would meet that one.
    /// </summary>
    [Test, NonParallelizable]
    public async Task In_a_storm_of_calls_and_closes_it_is_closed_once_and_nobody_is_inside_after(
        CancellationToken cancellationToken)
    {
        const int Rounds = 1000, Callers = 3;
        var strayed = 0;
        var firsts = 0;
        var lost = 0;
        for (var round = 0; round < Rounds; round++)
        {
            _descriptor = new Descriptor(_file.Open());
            using var start = new Barrier(Callers + 1);
            var callers = Enumerable.Range(0, Callers).Select(caller => OnThread(Call)).ToArray();

            start.SignalAndWait(cancellationToken);
            Interlocked.Add(ref firsts, _descriptor.Close() ? 1 : 0);
            var heir = Inherit(_descriptor.Number);
            await Task.WhenAll(callers);
            lost += _next.IsAt(heir) ? 0 : 1;
            _ = LibC.Close(heir);

            void Call()
            {
                start.SignalAndWait(cancellationToken);
                for (var call = 0; _descriptor.TryEnter(); call++)
                {
                    Interlocked.Add(ref strayed, _file.IsAt(_descriptor.Number) ? 0 : 1);
                    _descriptor.Exit();
                }

                for (var late = 0; late < 20; late++)
                    Interlocked.Add(ref strayed, _descriptor.TryEnter() ? 1 : 0);
                Interlocked.Add(ref firsts, _descriptor.Close() ? 1 : 0);
            }
        }

        Assert.That((strayed, lost, firsts), Is.EqualTo((0, 0, Rounds)));

        int Inherit(int number)
        {
            while (true)
            {
                var heir = _next.Open();
                if (heir == number || !_file.IsAt(number))
                    return heir;
                _ = LibC.Close(heir);
            }
        }

        Task OnThread(Action action) => Task.Factory.StartNew(
            action, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
