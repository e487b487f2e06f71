using Chat.Engine.Outbound;
using Chat.Engine.Rooms;
using Chat.Events;

namespace Chat.Engine.Tests.Outbound;

public sealed class InboxTests
{
    private readonly Inbox _inbox = new(new LogicalClock(), new AsyncAutoResetEvent(), capacity: 256);

    [Test]
    public void What_is_unread_is_bounded_by_its_length_and_not_only_by_its_number()
    {
        var page = new Notice(new string('x', 50_000));

        Assert.That(
            (_inbox.TryPost(page), _inbox.TryPost(page), _inbox.TryPost(page)), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void One_long_reply_goes_in_when_it_is_alone()
    {
        Assert.That(_inbox.TryPost(new Notice(new string('x', 1_000_000))), Is.True);
        Assert.That(_inbox.TryPost(new Notice("short")), Is.False);
    }

    [Test]
    public void What_has_been_read_makes_room()
    {
        var page = new Notice(new string('x', 100_000));
        _inbox.TryPost(page);

        var whileFull = _inbox.TryPost(page);
        _inbox.Take();

        Assert.That((whileFull, _inbox.TryPost(page)), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_farewell_goes_in_whatever_is_there()
    {
        _inbox.TryPost(new Notice(new string('x', 1_000_000)));

        Assert.That(_inbox.TryPost(new Notice("Goodbye."), urgent: true), Is.True);
    }
}
