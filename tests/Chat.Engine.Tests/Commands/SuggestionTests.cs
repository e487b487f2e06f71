using Chat.Engine.Commands;

namespace Chat.Engine.Tests.Commands;

public sealed class SuggestionTests
{
    private static readonly string[] _known = ["help", "hooks", "join", "leave", "msg", "nick", "rooms", "who"];

    [Test]
    public void A_word_too_long_to_be_a_slip_has_none_nearest()
    {
        Assert.That(Suggestion.Nearest(new string('a', 65), [new string('a', 65)]), Is.Null);
    }

    [TestCase("jion", "join")]
    [TestCase("JOIN", "join")]
    [TestCase("nik", "nick")]
    [TestCase("nicks", "nick")]
    [TestCase("roms", "rooms")]
    [TestCase("le", "leave")]
    [TestCase("helpp", "help")]
    [TestCase("w", "who")]
    [TestCase("rom", "rooms")]
    public void The_nearest_word_is_suggested(string typed, string nearest)
    {
        Assert.That(Suggestion.Nearest(typed, _known), Is.EqualTo(nearest));
    }

    [TestCase("")]
    [TestCase("xyzzy")]
    [TestCase("frobnicate")]
    public void Nothing_is_suggested_when_nothing_is_near(string typed)
    {
        Assert.That(Suggestion.Nearest(typed, _known), Is.Null);
    }

    [Test]
    public void Of_two_with_letters_left_out_the_one_that_lacks_fewest_is_suggested()
    {
        Assert.That(Suggestion.Nearest("--plugin", ["--no-bundled-plugins", "--plugins"]), Is.EqualTo("--plugins"));
    }

    [Test]
    public void Of_two_equally_near_the_first_in_the_alphabet_is_suggested()
    {
        Assert.That(Suggestion.Nearest("bat", ["cat", "bad"]), Is.EqualTo("bad"));
    }
}
