using Chat.Transport.Tcp.Telnet;

namespace Chat.Transport.Tcp.Tests.Telnet;

public sealed class SendGateTests
{
    private SendGate _gate;

    [Test]
    public void One_at_a_time_is_let_in()
    {
        bool[] entered = [_gate.TryEnter(), _gate.TryEnter()];
        _gate.Exit();

        Assert.That(entered, Is.EqualTo(new[] { true, false }));
        Assert.That(_gate.TryEnter(), Is.True);
    }

    [Test]
    public async Task Who_waits_comes_next()
    {
        _gate.TryEnter();
        var waiter = _gate.Enter()!;
        var wasWaiting = !waiter.Task.IsCompleted;

        _gate.Exit();

        Assert.That((wasWaiting, await ResultAsync(waiter), _gate.TryEnter()), Is.EqualTo((true, true, false)));
    }

    [Test]
    public async Task Who_gives_up_waits_no_longer_and_leaves_it_to_who_has_it()
    {
        _gate.TryEnter();
        var waiter = _gate.Enter()!;

        _gate.GiveUp(waiter);
        var isTaken = !_gate.TryEnter();
        _gate.Exit();

        Assert.That((await ResultAsync(waiter), isTaken, _gate.TryEnter()), Is.EqualTo((false, true, true)));
    }

    [Test]
    public async Task To_give_up_what_is_ones_own_already_does_not_take_the_next_one_out_of_line()
    {
        _gate.TryEnter();
        var first = _gate.Enter()!;
        _gate.Exit();
        var second = _gate.Enter()!;

        _gate.GiveUp(first);
        var isStillWaiting = !second.Task.IsCompleted;
        _gate.Exit();

        Assert.That(
            (await ResultAsync(first), isStillWaiting, await ResultAsync(second)), Is.EqualTo((true, true, true)));
    }

    private static async Task<bool?> ResultAsync(TaskCompletionSource<bool> waiter) =>
        waiter.Task.IsCompleted ? await waiter.Task : null;
}
