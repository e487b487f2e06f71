using Chat.Load.Counting;

namespace Chat.Load.Tests;

public sealed class SeatingTests
{
    [Test]
    public void Each_line_is_expected_by_all_who_read_in_its_room(
        [Values(1, 3, 7)] int rooms, [Values(0, 1, 4)] int stalled, [Values] bool echo)
    {
        var seating = new Seating(20, 9, rooms, stalled, echo);

        var receivers = Enumerable.Range(0, 9).Select(seating.ReceiversOf);

        Assert.That(receivers, Is.EqualTo(Enumerable.Range(0, 9).Select(sender =>
            Enumerable.Range(0, 20).Count(client => !seating.IsStalled(client) && client % rooms == sender % rooms
                && (echo || client != sender)))));
    }

    [Test]
    public void Senders_of_a_room_have_places_of_their_own()
    {
        var seating = new Seating(20, 9, 4, 0, true);

        var places = Enumerable.Range(0, 9).Select(sender => (seating.RoomOf(sender), seating.SlotOf(sender))).ToList();

        Assert.That(places, Is.Unique.And.All.Matches<(int, int Slot)>(place => place.Slot < seating.SendersPerRoom));
    }

    [TestCase(10, 2, true, ExpectedResult = 1)]
    [TestCase(10, 2, false, ExpectedResult = 3)]
    [TestCase(4, 4, false, ExpectedResult = 3)]
    [TestCase(2, 2, false, ExpectedResult = -1)]
    public int The_echo_of_sender_1_of_2_rooms_is_seen_by(int clients, int senders, bool echo) =>
        new Seating(clients, senders, 2, 0, echo).ObserverOf(1);
}
