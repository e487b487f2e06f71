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
        box.Take().Set(box.Register(_boom));

        box.Close();

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.IsClean, Is.True);
    }

    [TestCase(PreviousExit.Unknown, new[] { "boom" }, new string[0])]
    [TestCase(PreviousExit.Crashed, new[] { "boom" }, new[] { "slow" })]
    [TestCase(PreviousExit.Killed, new string[0], new string[0])]
    public void F3_Who_was_running_is_a_suspect_and_who_was_waited_for_only_after_a_crash_in_which_nobody_ran(
        PreviousExit exit, string[] ifOneRan, string[] ifAllWaited)
    {
        using var folder = new TemporaryFolder();
        var first = CrashJournal.Open(Box(folder));
        first.Take().Set(-first.Register(_slow));
        var running = first.Take();
        running.Set(first.Register(_boom));

        var second = CrashJournal.Open(Box(folder), exit);
        Assert.That(second.PreviousRun.Suspects.Select(suspect => suspect.Id), Is.EqualTo(ifOneRan));

        second.Take().Set(-second.Register(_slow));
        var third = CrashJournal.Open(Box(folder), exit);
        Assert.That(third.PreviousRun.Suspects.Select(suspect => suspect.Id), Is.EqualTo(ifAllWaited));
        Assert.That(third.PreviousRun.IsClean, Is.False);
    }

    [Test]
    public async Task F3_Background_work_is_a_suspect_while_on_a_thread_also_after_an_await_but_not_while_it_waits()
    {
        using var folder = new TemporaryFolder();
        var journal = CrashJournal.Open(Box(folder));
        var plugin = new PluginJournal(journal, journal.Register(_boom));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new List<IReadOnlyList<PluginFingerprint>>();

        var work = WorkAsync();
        var waiting = Suspects(folder);
        gate.SetResult();
        await work;

        Assert.That(waiting, Is.Empty);
        Assert.That(seen, Is.EqualTo(new PluginFingerprint[][] { [_boom], [_boom], [] }));
        Assert.That(Suspects(folder), Is.Empty);

        async Task WorkAsync()
        {
            using var inside = plugin.Inside();
            seen.Add(Suspects(folder));
            await gate.Task.ConfigureAwait(false);
            await Task.Run(() => seen.Add(Suspects(folder)));
            using (plugin.Outside())
                seen.Add(Suspects(folder));
        }
    }

    [Test]
    public void F3_A_thread_that_a_plugin_keeps_for_long_is_taken_to_be_waiting()
    {
        using var folder = new TemporaryFolder();
        var journal = CrashJournal.Open(Box(folder));
        using var inside = journal.Enter(journal.Register(_boom));

        journal.Sweep();
        Assert.That(Suspects(folder), Is.EqualTo(new[] { _boom }), "it may be dying");

        journal.Sweep();
        Assert.That(Suspects(folder), Is.Empty);
    }

    [Test]
    public void F3_The_mark_of_a_thread_that_has_ended_is_used_again()
    {
        using var folder = new TemporaryFolder();
        var journal = CrashJournal.Open(Box(folder));
        var number = journal.Register(_boom);
        for (var round = 0; round < 3; round++)
        {
            var threads =
                Enumerable.Range(0, 100).Select(_ => new Thread(() => journal.Enter(number).Dispose())).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            journal.Sweep();
        }

        var slots = Enumerable.Range(0, CrashJournalFile.Cells - 100).Select(_ => journal.Take().Address).ToList();

        Assert.That(slots, Has.None.EqualTo(IntPtr.Zero));
    }

    [Test]
    [Platform("Linux")]
    public void F20_Truncating_or_overwriting_the_file_in_place_neither_ends_the_process_nor_loses_what_is_recorded(
        [Values(0, 100, 4096, CrashJournalFile.Size, 2 * CrashJournalFile.Size)] int length, [Values(1, 3)] int times)
    {
        using var folder = new TemporaryFolder();
        var journal = CrashJournal.Open(Box(folder));
        var (slow, boom) = (journal.Take(), journal.Take());
        slow.Set(journal.Register(_slow));

        for (var time = 0; time < times; time++)
        {
            using var file = new FileStream(Box(folder), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
            file.Write(new byte[length]);
        }

        boom.Set(journal.Register(_boom));
        slow.Set(0);
        for (var cells = 0; cells < 1000; cells++)
            journal.Take().Set(0);
        Assert.That(Suspects(folder), Is.EqualTo(new[] { _boom }));
    }

    [Test]
    [Platform("Linux")]
    public void F20_A_file_that_nothing_can_be_put_in_the_place_of_goes_on_in_memory()
    {
        using var folder = new TemporaryFolder();
        var journal = CrashJournal.Open(Box(folder));
        var slot = journal.Take();
        slot.Set(journal.Register(_boom));
        var away = Path.Combine(folder.Path, "away");
        File.Move(Box(folder), away);
        Directory.CreateDirectory(Path.Combine(Box(folder), "not empty"));

        File.WriteAllBytes(away, []);

        Assert.That(
            System.Runtime.InteropServices.Marshal.ReadInt32(slot.Address),
            Is.EqualTo(1),
            "what was recorded is still there");
        slot.Set(0);
        Assert.That(new FileInfo(away).Length, Is.Zero);
    }

    [Test]
    public void F65_Only_the_version_that_was_running_is_quarantined_and_the_file_keeps_that()
    {
        using var folder = new TemporaryFolder();
        var first = CrashJournal.Open(Box(folder));
        first.Take().Set(first.Register(_boom));

        CrashReview.Conclude(CrashJournal.Open(Box(folder)), new Quarantine(
            Kept(folder), NullLogger.Instance), _now, NullLogger.Instance);

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
        File.WriteAllText(Path.Combine(folder.Path, "gone"), "no folder");
        var quarantine = new Quarantine(Path.Combine(folder.Path, "gone", "quarantine.txt"), log.CreateLogger("test"));

        quarantine.Add(_boom, "it died");

        Assert.That(quarantine.ReasonFor(_boom), Is.EqualTo("it died"));
        Assert.That(log.Lines.All, Has.One.Matches<string>(line => line.Contains("quarantine.txt") && line.Contains(
            "cannot be written")));
    }

    [TestCase(20, true)]
    [TestCase(40, false)]
    public void F65_Three_ends_within_a_minute_that_nobody_is_suspected_of_make_one_start_without_plugins(
        int seconds, bool isSafe)
    {
        using var folder = new TemporaryFolder();
        var starts = Enumerable.Range(0, 4).Select(start => Start(start * seconds)).ToList();

        Assert.That(starts.Take(3), Is.All.Null);
        Assert.That(starts[3], isSafe ? Does.StartWith("the server died 3 times within a minute") : Is.Null);
        Assert.That(Start(4 * seconds), Is.Null, "once");

        string? Start(int second) =>
            CrashReview.Conclude(CrashJournal.Open(Box(folder)), new Quarantine(
                file: null, NullLogger.Instance), _now.AddSeconds(second), NullLogger.Instance);
    }

    [Test]
    public void F65_The_number_of_a_plugin_that_is_live_is_not_given_to_another_however_often_that_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var box = CrashJournal.Open(Box(folder));
        var number = box.Register(_boom);
        for (var load = 0; load < 3000; load++)
            box.Register(_slow with { Content = $"{load}" });

        box.Take().Set(number);

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.Suspects, Is.EqualTo(new[] { _boom }));
    }

    [Test]
    public void F65_A_file_that_is_no_black_box_is_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Box(folder), "something else");

        Assert.That(CrashJournal.Open(Box(folder)).PreviousRun.IsClean, Is.True);
    }

    private static IReadOnlyList<PluginFingerprint> Suspects(TemporaryFolder folder) =>
        CrashJournalReader.Read(Box(folder), PreviousExit.Unknown).Suspects;

    private static string Box(TemporaryFolder folder) => Path.Combine(folder.Path, "box");

    private static string Kept(TemporaryFolder folder) => Path.Combine(folder.Path, "quarantine.txt");
}
