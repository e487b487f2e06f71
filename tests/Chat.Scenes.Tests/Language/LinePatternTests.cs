using Chat.Scenes.Language;

namespace Chat.Scenes.Tests.Language;

public sealed class LinePatternTests
{
    [TestCase("<ann> HELLO!", "<ann> HELLO!")]
    [TestCase("<ann> rolls *", "<ann> rolls 2d6: 7")]
    [TestCase("*rolls*: *", "<ann> rolls 2d6: 7")]
    [TestCase("*", "")]
    [TestCase("*", "anything")]
    [TestCase("* ann waves", "* ann waves")]
    [TestCase("*** It is *.", "*** It is 09:00.")]
    [TestCase("[tea] *** * joined tea", "[tea] *** bob joined tea")]
    [TestCase(@"2 \* 3", "2 * 3")]
    [TestCase("(a+b)? [c] ^$ \\d", "(a+b)? [c] ^$ \\d")]
    [TestCase("ends", "ends  ")]
    public void It_matches(string pattern, string line)
    {
        Assert.That(new LinePattern(pattern).Matches(line), Is.True);
    }

    [TestCase("<ann> HELLO!", "<ann> hello!")]
    [TestCase("<ann> hi", "<ann> hi there")]
    [TestCase("hi", "<ann> hi")]
    [TestCase("* ann waves", "<bob> ann waves")]
    [TestCase("*** It is *.", "<bob> It is 09:00.")]
    [TestCase("[tea] *** It is *", "[tea] <bob> It is 09:00.")]
    [TestCase(@"2 \* 3", "2 x 3")]
    [TestCase("a.c", "abc")]
    public void It_does_not_match(string pattern, string line)
    {
        Assert.That(new LinePattern(pattern).Matches(line), Is.False);
    }
}
