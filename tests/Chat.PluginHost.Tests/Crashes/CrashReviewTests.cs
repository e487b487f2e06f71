using Chat.PluginHost.Crashes;
using Chat.Scenes.Clients;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.PluginHost.Tests.Crashes;

/// <summary>What a start makes of how the run before it has ended. Each opening of the box is a start.</summary>
internal sealed class CrashReviewTests
{
    private static readonly PluginFingerprint _boom = new("boom", "1"), _slow = new("slow", "1");
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void F65_After_a_clean_end_nobody_is_a_suspect()
    {
        using var folder = new TemporaryFolder();
        var box = CrashJournal.Open(Box(folder));
        box.Enter(box.Register(_boom));

        box.Close();

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.IsClean, Is.True);
    }

    [Test]
    public void F65_Who_was_running_is_a_suspect_and_who_was_waited_for_only_when_nobody_ran()
    {
        using var folder = new TemporaryFolder();
        var first = CrashJournal.Open(Box(folder));
        first.Enter(first.Register(_slow), isWaitedFor: true);
        var running = first.Enter(first.Register(_boom));

        var second = CrashJournal.Open(Box(folder));
        Assert.That(second.PreviousRun.Suspects, Is.EqualTo(new[] { _boom }));

        running.Dispose();
        second.Enter(second.Register(_slow), isWaitedFor: true);
        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.Suspects, Is.EqualTo(new[] { _slow }));
    }

    [Test]
    public void F65_Only_the_version_that_was_running_is_quarantined_and_the_file_keeps_that()
    {
        using var folder = new TemporaryFolder();
        var first = CrashJournal.Open(Box(folder));
        first.Enter(first.Register(_boom));

        CrashReview.Conclude(CrashJournal.Open(Box(folder)), new Quarantine(Kept(folder), NullLogger.Instance), _now, NullLogger.Instance);

        var kept = new Quarantine(Kept(folder), NullLogger.Instance);
        Assert.That(kept.ReasonFor(_boom), Does.Contain("2026-01-02 03:04:05Z").And.Contain("/hooks enable boom"));
        Assert.That(kept.ReasonFor(_boom with { Content = "2" }), Is.Null);
        kept.Release("boom");
        Assert.That(new Quarantine(Kept(folder), NullLogger.Instance).ReasonFor(_boom), Is.Null);
    }

    [Test]
    public void F65_A_file_that_cannot_be_written_is_named_and_its_plugins_are_kept_out_all_the_same()
    {
        using var folder = new TemporaryFolder();
        var log = new CollectingLog();
        var quarantine = new Quarantine(Path.Combine(folder.Path, "gone", "quarantine.txt"), log.CreateLogger("test"));

        quarantine.Add(_boom, "it died");

        Assert.That(quarantine.ReasonFor(_boom), Is.EqualTo("it died"));
        Assert.That(log.Lines.All, Has.One.Matches<string>(line => line.Contains("quarantine.txt") && line.Contains("cannot be written")));
    }

    [TestCase(20, true)]
    [TestCase(40, false)]
    public void F65_Three_ends_within_a_minute_that_nobody_is_suspected_of_make_one_start_without_plugins(int seconds, bool isSafe)
    {
        using var folder = new TemporaryFolder();
        var starts = Enumerable.Range(0, 4).Select(start => Start(start * seconds)).ToList();

        Assert.That(starts.Take(3), Is.All.Null);
        Assert.That(starts[3], isSafe ? Does.StartWith("the server died 3 times within a minute") : Is.Null);
        Assert.That(Start(4 * seconds), Is.Null, "once");

        string? Start(int second) =>
            CrashReview.Conclude(CrashJournal.Open(Box(folder)), new Quarantine(file: null, NullLogger.Instance), _now.AddSeconds(second), NullLogger.Instance);
    }

    [Test]
    public void F65_The_number_of_a_plugin_that_is_live_is_not_given_to_another_however_often_that_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var box = CrashJournal.Open(Box(folder));
        var number = box.Register(_boom);
        for (var load = 0; load < 3000; load++)
            box.Register(_slow with { Content = $"{load}" });

        box.Enter(number);

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.Suspects, Is.EqualTo(new[] { _boom }));
    }

    [Test]
    public void F65_A_file_that_is_no_black_box_is_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Box(folder), "something else");

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.IsClean, Is.True);
    }

    private static string Box(TemporaryFolder folder) => Path.Combine(folder.Path, "box");

    private static string Kept(TemporaryFolder folder) => Path.Combine(folder.Path, "quarantine.txt");
}
