using Chat.Engine.Sessions;
using Chat.Events;

namespace Chat.Engine.Tests.Sessions;

/// <summary>Who owns a nick follows from the order of the claims alone.</summary>
public sealed class SessionDirectoryTests
{
    private readonly SessionDirectory _sessions = new("");

    [Test]
    public void The_first_claim_wins_whatever_the_case()
    {
        Claim("c1", "ann");
        Claim("c2", "ANN");

        Assert.That(_sessions.OwnerOf("Ann"), Is.EqualTo(new Sender("c1", "ann")));
    }

    [Test]
    public void An_owner_may_change_the_case()
    {
        Claim("c1", "ann");
        Claim("c1", "Ann");

        Assert.That((_sessions.OwnerOf("ann")?.Nick, string.Join(",", _sessions.Nicks)), Is.EqualTo(("Ann", "Ann")));
    }

    [Test]
    public void A_nick_is_free_after_its_owner_has_released_it()
    {
        Claim("c1", "ann");
        _sessions.Release(new("c1", "Ann"));
        Claim("c2", "ann");

        Assert.That(_sessions.OwnerOf("ann")?.SessionId, Is.EqualTo("c2"));
    }

    [Test]
    public void Nobody_releases_what_another_owns()
    {
        Claim("c1", "ann");
        _sessions.Release(new("c2", "ann"));

        Assert.That(_sessions.OwnerOf("ann")?.SessionId, Is.EqualTo("c1"));
    }

    [Test]
    public void A_guest_gets_a_nick_that_nobody_has()
    {
        Claim("c1", "guest1");
        Claim("c2", "GUEST2");

        Assert.That((_sessions.NextGuest(), _sessions.NextGuest()), Is.EqualTo(("guest3", "guest4")));
    }

    [TestCase("", "c1")]
    [TestCase("east", "east-c1")]
    public void An_id_is_unique_among_all_servers(string node, string id)
    {
        Assert.That(new SessionDirectory(node).NextId(), Is.EqualTo(id));
    }

    private void Claim(string session, string nick) => _sessions.Claim(new(session, nick));
}
