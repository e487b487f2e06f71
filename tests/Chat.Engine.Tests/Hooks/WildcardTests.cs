using Chat.Engine.Hooks;

namespace Chat.Engine.Tests.Hooks;

public sealed class WildcardTests
{
    [TestCase("lobby", "lobby", true)]
    [TestCase("lobby", "LOBBY", true)]
    [TestCase("lobby", "lobby2", false)]
    [TestCase("dev-*", "dev-net", true)]
    [TestCase("dev-*", "dev-", true)]
    [TestCase("dev-*", "devs", false)]
    [TestCase("*", "anything", true)]
    [TestCase("*a*b", "xxaxxab", true)]
    [TestCase("*a*b", "xxaxxabc", false)]
    [TestCase("", "", true)]
    [TestCase("", "x", false)]
    public void A_star_stands_for_any_run_of_characters(string pattern, string name, bool matches)
    {
        Assert.That(Wildcard.Matches(pattern, name), Is.EqualTo(matches));
    }
}
