using Chat.Engine.Commands;

namespace Chat.Engine.Tests.Commands;

public sealed class SuggestionTests
{
    private static readonly string[] _known = ["help", "hooks", "join", "leave", "msg", "nick", "rooms", "who"];

    [TestCase("jion", "join")]
    [TestCase("JOIN", "join")]
    [TestCase("nik", "nick")]
    [TestCase("nicks", "nick")]
    [TestCase("roms", "rooms")]
    [TestCase("le", "leave")]
    [TestCase("helpp", "help")]
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
    public void Of_two_equally_near_the_first_in_the_alphabet_is_suggested()
    {
        Assert.That(Suggestion.Nearest("bat", ["cat", "bad"]), Is.EqualTo("bad"));
    }
}
