namespace Chat.PluginHost.Tests;

public sealed class PluginHostOptionsTests
{
    private static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.Folder = " "), "Folder must not be empty.")
            .SetArgDisplayNames("Folder");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.ShadowFolder = ""), "ShadowFolder must not be empty.")
            .SetArgDisplayNames("ShadowFolder");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.StoreFolder = ""), "StoreFolder must not be empty.")
            .SetArgDisplayNames("StoreFolder");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.QuietTime = TimeSpan.FromMinutes(2)),
            "QuietTime must be from 00:00:00 to 00:01:00, but is 00:02:00.").SetArgDisplayNames("QuietTime");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.PollInterval = TimeSpan.Zero),
            "PollInterval must be from 00:00:00.0100000 to 01:00:00, but is 00:00:00.")
            .SetArgDisplayNames("PollInterval");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.StartTimeout = TimeSpan.Zero),
            "StartTimeout must be from 00:00:00.0100000 to 00:10:00, but is 00:00:00.")
            .SetArgDisplayNames("StartTimeout");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.HandOverTimeout = TimeSpan.Zero),
            "HandOverTimeout must be from 00:00:00.0100000 to 00:10:00, but is 00:00:00.")
            .SetArgDisplayNames("HandOverTimeout");
        yield return new TestCaseData(
            (Action<PluginHostOptions>)(options => options.DrainTimeout = TimeSpan.FromTicks(-1)),
            "DrainTimeout must be from 00:00:00 to 00:10:00, but is -00:00:00.0000001.")
            .SetArgDisplayNames("DrainTimeout");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void A_value_out_of_range_is_refused_by_name(Action<PluginHostOptions> spoil, string message)
    {
        var options = new PluginHostOptions { Folder = "plugins", ShadowFolder = "shadow" };

        spoil(options);

        Assert.That(options.Validate, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));
    }

    [Test]
    public void The_defaults_are_in_range() =>
        Assert.That(new PluginHostOptions { Folder = "plugins", ShadowFolder = "shadow" }.Validate, Throws.Nothing);
}
