using Chat.Scenes.Playing;

namespace Chat.Scenes.Tests.Playing;

public sealed class ComingAndGoingTests
{
    [TestCase("*** guest1 joined lobby")]
    [TestCase("[tea] *** ann joined tea")]
    [TestCase("*** ann left lobby")]
    [TestCase("*** ann left lobby (connection lost)")]
    [TestCase("*** guest1 is now ann")]
    public void What_tells_of_coming_and_going_is_recognised(string line)
    {
        Assert.That(ComingAndGoing.IsIn(line), Is.True);
    }

    [TestCase("*** ann rolls 2d6: 7")]
    [TestCase("*** ann says hello to everyone")]
    [TestCase("<bob> *** ann joined lobby")]
    [TestCase("*** the tea is now ready")]
    [TestCase("* ann joined lobby")]
    public void What_plugins_announce_is_not(string line)
    {
        Assert.That(ComingAndGoing.IsIn(line), Is.False);
    }
}
