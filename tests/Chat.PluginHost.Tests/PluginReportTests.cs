using Chat.PluginHost.Versions;

namespace Chat.PluginHost.Tests;

/// <summary>What <c>/plugins</c> shows.</summary>
public sealed class PluginReportTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void Versions_that_only_wait_for_a_collection_take_one_line()
    {
        var bad = Old("bad", 1) with { State = PluginState.Retired, StillHeld = ["a thread"] };
        List<PluginInfo> old = [Old("conf", 1), Old("hi", 1), Old("conf", 2), Old("conf", 3), bad];

        var report = new PluginReport([], old, [], _now).ToString().Split('\n');

        Assert.That(report, Is.EqualTo(new[]
        {
            "No plugins.",
            "Old versions that are not gone yet:",
            "  plugin  file     version  state    for   why",
            "  bad     bad.csx  1        retired  10 s  a thread",
            "Unloading (the next full garbage collections free these, unless a thread of their own still runs): conf "
                + "(3 versions), hi (version 1)",
        }));
    }

    private static PluginInfo Old(string id, int version) =>
        new(id, $"{id}.csx", version) { State = PluginState.Unloading, Since = _now - TimeSpan.FromSeconds(10) };
}
