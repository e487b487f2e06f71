using Chat.PluginHost.Reload;

namespace Chat.PluginHost.Tests.Reload;

public sealed class PluginRecordsTests
{
    [Test]
    public void A_plugin_that_comes_again_goes_on_counting_its_versions()
    {
        var slots = new PluginRecords();
        slots.Of("foo").Versions = 3;
        slots.Remove("foo");

        Assert.That((slots.Of("FOO").Versions, slots.Of("bar").Versions), Is.EqualTo((3, 0)));
    }
}
