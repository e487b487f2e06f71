using Chat.Engine.Rooms;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

[CancelAfter(10000)]
public sealed class FeedTests
{
    private const int Capacity = 16;

    private readonly Feed _feed = new(
        new LogicalClock(), new LogLimits(Capacity, 8 * 1024 * 1024, new LogBudget(long.MaxValue)));

    [Test]
    public void An_observer_may_be_lapped_and_a_recorder_is_not()
    {
        var observer = _feed.Follow(new AsyncAutoResetEvent());
        var recorder = _feed.Record(new AsyncAutoResetEvent());

        Append(10 * Capacity);
        var first = recorder.Peek(long.MaxValue, out var recorderLapped);
        recorder.Cursor = observer.Cursor = 5;
        Append(10 * Capacity);
        observer.Peek(long.MaxValue, out _);

        Assert.That((first?.Sequence, recorderLapped), Is.EqualTo((0L, false)));
        Assert.That(_feed.Log.Head, Is.EqualTo(5));
    }

    [Test]
    public void Without_recorders_the_log_keeps_to_its_capacity()
    {
        var recorder = _feed.Record(new AsyncAutoResetEvent());
        Append(10 * Capacity);

        _feed.Unfollow(recorder);
        _feed.Follow(new AsyncAutoResetEvent());
        Append(20 * Capacity);

        Assert.That(_feed.Log.Tail - _feed.Log.Head, Is.LessThanOrEqualTo(16 * Capacity));
    }

    [Test]
    public void The_memory_limit_of_all_logs_takes_nothing_from_a_recorder()
    {
        var recorder = _feed.Record(new AsyncAutoResetEvent());
        Append(Capacity);

        Assert.That(_feed.TrimLog(), Is.False);
        Assert.That(recorder.Peek(long.MaxValue, out _)?.Sequence, Is.Zero);
    }

    [Test]
    public async Task Publishers_wait_while_a_recorder_is_a_full_log_behind(CancellationToken cancellationToken)
    {
        var recorder = _feed.Record(new AsyncAutoResetEvent());
        Append(Capacity - 1);
        await _feed.WhenRecordedAsync(cancellationToken);

        Append(1);
        var waiting = _feed.WhenRecordedAsync(cancellationToken).AsTask();
        var alsoWaiting = _feed.WhenRecordedAsync(cancellationToken).AsTask();
        Assert.That((waiting.IsCompleted, alsoWaiting.IsCompleted), Is.EqualTo((false, false)));
        recorder.Cursor++;
        _feed.Recorded();

        await Task.WhenAll(waiting, alsoWaiting);
    }

    [Test]
    public async Task A_recorder_that_goes_holds_up_nobody(CancellationToken cancellationToken)
    {
        var recorder = _feed.Record(new AsyncAutoResetEvent());
        Append(Capacity);
        var waiting = _feed.WhenRecordedAsync(cancellationToken).AsTask();

        _feed.Unfollow(recorder);

        await waiting;
    }

    [Test]
    public void Who_gives_up_waiting_is_released_and_the_others_are_not(CancellationToken cancellationToken)
    {
        _feed.Record(new AsyncAutoResetEvent());
        Append(Capacity);
        using var given = new CancellationTokenSource();
        var first = _feed.WhenRecordedAsync(given.Token).AsTask();
        var second = _feed.WhenRecordedAsync(cancellationToken).AsTask();

        given.Cancel();

        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(second.IsCompleted, Is.False);
    }

    private void Append(int lines)
    {
        for (var line = 0; line < lines; line++)
            _feed.Append(Some.Said());
    }
}
