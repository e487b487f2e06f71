using Chat.Engine.Rooms;
using Chat.Events;

namespace Chat.Engine.Tests.Rooms;

public sealed class LogBudgetTests
{
    private const long MaxBytes = 1024 * 1024;
    private static readonly string _text = new('x', 2000);

    private readonly LogBudget _budget = new(MaxBytes);
    private readonly RoomDirectory _rooms;

    public LogBudgetTests() =>
        _rooms = new RoomDirectory(new LogicalClock(), TimeProvider.System, new LogLimits(1024, 8 * MaxBytes, _budget));

    [Test]
    public void G1_the_logs_of_many_rooms_that_nobody_reads_keep_no_more_than_the_budget_together()
    {
        for (var room = 0; room < 50; room++)
            _rooms.Follow($"room{room}", new AsyncAutoResetEvent());

        for (var line = 0; line < 5000; line++)
            Say($"room{line % 50}");

        var kept = _rooms.All.Sum(room => room.Log.Bytes);
        Assert.That(kept, Is.InRange(MaxBytes / 4, MaxBytes + (50 * 16 * 1024)));
    }

    [Test]
    public void G1_the_fullest_logs_give_first()
    {
        _rooms.Follow("quiet", new AsyncAutoResetEvent());
        _rooms.Follow("loud", new AsyncAutoResetEvent());
        for (var line = 0; line < 5; line++)
            Say("quiet");

        for (var line = 0; line < 1000; line++)
            Say("loud");

        Assert.That(_rooms.Find("quiet")!.Log.Head, Is.Zero);
        Assert.That(_rooms.Find("loud")!.Log.Head, Is.Positive);
    }

    [Test]
    public void A_room_that_has_closed_counts_for_nothing()
    {
        var follower = _rooms.Follow("tea", new AsyncAutoResetEvent());
        for (var line = 0; line < 100; line++)
            Say("tea");
        var before = _budget.Bytes;

        _rooms.Unfollow(follower);

        Assert.That((before > 0, _budget.Bytes), Is.EqualTo((true, 0L)));
    }

    private void Say(string room) => _rooms.Append(new Said(room, new("", "ann"), _text));
}
