using Chat.Load.Counting;

namespace Chat.Load.Tests;

public sealed class TallyTests
{
    /// <summary>Clients 0 and 2 are in room 0 and 1 and 3 in room 1; 0 and 1 send.</summary>
    private static readonly Seating _seating = new(4, 2, 2, 0, true);

    private readonly Tally _tally = new(_seating) { MeasuredFrom = 0 };

    [Test]
    public void A_line_that_all_have_once_is_clean()
    {
        var line = Say(0);
        Hear(0, line);
        Hear(2, line);

        Assert.That((_tally.Expected, _tally.Delivered, _tally.IsClean), Is.EqualTo((2L, 2L, true)));
    }

    [Test]
    public void A_line_that_one_has_not_is_lost()
    {
        Hear(0, Say(0));

        Assert.That((_tally.Lost, _tally.IsClean), Is.EqualTo((1L, false)));
    }

    [Test]
    public void A_line_that_comes_again_is_doubled_and_makes_up_for_no_other()
    {
        var line = Say(0);
        Hear(0, line);
        Hear(0, line);

        Assert.That((_tally.Doubled, _tally.Lost), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void A_line_after_a_later_one_is_reordered_for_that_receiver_only()
    {
        Marker first = Say(0), second = Say(0);
        Hear(0, second);
        Hear(0, first);
        Hear(2, first);
        Hear(2, second);

        Assert.That((_tally.Reordered, _tally.Gaps, _tally.Lost), Is.EqualTo((1L, 1L, 0L)));
    }

    [Test]
    public void Two_senders_need_no_order_between_them()
    {
        var tally = new Tally(new Seating(2, 2, 1, 0, true));
        Marker first = tally.Say(tally.Senders[0], 0), second = tally.Say(tally.Senders[1], 0);
        foreach (var line in new[] { second, first })
            tally.Hear(0, 0, line, 1);
        foreach (var line in new[] { first, second })
            tally.Hear(1, 0, line, 1);

        Assert.That(tally.IsClean);
    }

    [Test]
    public void A_line_of_another_room_is_misrouted_and_not_delivered()
    {
        Hear(1, Say(0));

        Assert.That((_tally.Misrouted, _tally.Delivered), Is.EqualTo((1L, 0L)));
    }

    [TestCase(0u, 2u)]
    [TestCase(0u, 0u)]
    [TestCase(2u, 1u)]
    public void A_line_that_nobody_has_sent_is_unknown(uint sender, uint sequence)
    {
        Say(0);
        Hear(0, new Marker(sender, sequence, 1));

        Assert.That((_tally.Unknown, _tally.IsClean), Is.EqualTo((1L, false)));
    }

    [Test]
    public void Without_an_echo_an_own_line_is_neither_expected_nor_wrong()
    {
        var tally = new Tally(new Seating(2, 1, 1, 0, false));
        var line = tally.Say(tally.Senders[0], 0);
        tally.Hear(0, 0, line, 1);
        tally.Hear(1, 0, line, 1);

        Assert.That((tally.Expected, tally.SelfEchoes, tally.IsClean), Is.EqualTo((1L, 1L, true)));
    }

    [Test]
    public void Stalled_clients_are_expected_to_receive_nothing()
    {
        var tally = new Tally(new Seating(3, 1, 1, 2, true));
        tally.Hear(0, 0, tally.Say(tally.Senders[0], 0), 1);

        Assert.That((tally.Expected, tally.IsClean), Is.EqualTo((1L, true)));
    }

    [Test]
    public void The_echo_makes_room_for_the_next_line()
    {
        var line = Say(0);
        Say(0);
        Hear(2, line);
        var before = _tally.Senders[0].Outstanding;
        Hear(0, line);

        Assert.That((before, _tally.Senders[0].Outstanding), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Times_are_those_of_each_receipt_and_of_the_last_one()
    {
        var line = Say(0);
        Hear(0, line, 11);
        Hear(2, line, 41);

        Assert.That(
            (_tally.Latency.Count, _tally.Latency.At(0.5), _tally.Completion.Count, _tally.Completion.Max),
            Is.EqualTo((2L, 10L, 1L, 40L)));
    }

    [Test]
    public void Times_of_lines_sent_before_or_after_the_measuring_are_left_out()
    {
        (_tally.MeasuredFrom, _tally.MeasuredUntil) = (10, 20);
        foreach (var sent in new[] { 9, 10, 19, 20 })
            Hear(0, _tally.Say(_tally.Senders[0], sent), 30);

        Assert.That((_tally.Delivered, _tally.Latency.Count), Is.EqualTo((4L, 2L)));
    }

    private Marker Say(int sender) => _tally.Say(_tally.Senders[sender], 1);

    private void Hear(int receiver, Marker line, long now = 2) =>
        _tally.Hear(receiver, _seating.RoomOf(receiver), line, now);
}
