using Chat.PluginHost.Watching;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Watching;

[CancelAfter(30000)]
public sealed class PluginWatcherTests
{
    [Test]
    public async Task A_file_that_is_saved_changed_renamed_and_deleted_is_noticed_by_its_events(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(20);
        await chat.StartAsync();

        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("one"));""", cancellationToken);
        await UntilAsync(chat, "<ann> one");
        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("two"));""", cancellationToken);
        await UntilAsync(chat, "<ann> two");
        File.Move(chat.Drop("say.csx"), chat.Drop("_say.csx"));
        await UntilAsync(chat, "<ann> x");
        File.Move(chat.Drop("_say.csx"), chat.Drop("say.csx"));
        await UntilAsync(chat, "<ann> two");
        File.Delete(chat.Drop("say.csx"));
        await UntilAsync(chat, "<ann> x");
    }

    [Test]
    public async Task F15_new_content_of_the_same_size_and_time_is_noticed_by_its_events(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(100);
        await chat.StartAsync();
        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("one"));""", cancellationToken);
        await UntilAsync(chat, "<ann> one");

        ReplaceUnseen(chat, """OnMessage(m => Rewrite("two"));""");

        await UntilAsync(chat, "<ann> two");
    }

    [Test]
    public async Task F15_new_content_of_the_same_size_and_time_is_found_without_events_too(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartWithoutEventsAsync(clock, TimeSpan.FromSeconds(1), cancellationToken);
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("one"));""");

        ReplaceUnseen(chat, """OnMessage(m => Rewrite("two"));""");

        await PassUntilAsync(clock, chat, "<ann> two");
    }

    [Test]
    public async Task A_change_inside_a_plugins_folder_is_noticed_by_its_events(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(20);
        await chat.StartAsync();

        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("UsesLibrary1"), chat.Drop("UsesLibrary1"));
        await UntilAsync(chat, "library one 1.0.0.0", "/library1");
        File.Copy(
            Path.Combine(RepositoryFiles.TestPlugin("Library2"), "Shared.Library.dll"),
            chat.Drop("UsesLibrary1", "Shared.Library.dll"),
            overwrite: true);

        await UntilAsync(chat, "library two 2.0.0.0", "/library1");
    }

    [Test]
    public async Task A_change_in_the_bundled_folder_is_noticed_by_its_events(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(20);
        await chat.StartAsync();

        await File.WriteAllTextAsync(
            chat.Bundled("say.csx"), """OnMessage(m => Rewrite("bundled"));""", cancellationToken);

        await UntilAsync(chat, "<ann> bundled");
    }

    [Test]
    public async Task Without_events_the_regular_look_finds_changes(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.PollInterval = TimeSpan.FromMilliseconds(50);

        // The watch is on the folder that was there at the start; the one in its place is found by looking.
        await chat.StartAsync();
        Directory.Move(chat.Drop(), chat.Drop("..", "moved"));
        Directory.CreateDirectory(chat.Drop());
        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("found"));""", cancellationToken);

        await UntilAsync(chat, "<ann> found");
    }

    [Test]
    public async Task What_no_event_tells_of_is_not_taken_while_it_is_being_written(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartWithoutEventsAsync(clock, cancellationToken);
        var half = "OnMessage(m => Rewrite(";
        await File.WriteAllTextAsync(chat.Drop("say.csx"), half, cancellationToken);

        clock.Advance(chat.Options.PollInterval);
        for (var part = 0; part < 50; part++)
        {
            await File.AppendAllTextAsync(chat.Drop("say.csx"), " ", cancellationToken);
            clock.Advance(chat.Options.QuietTime / 2);
            await chat.TypeAsync("/ping");
        }

        await File.AppendAllTextAsync(chat.Drop("say.csx"), "\"whole\"));", cancellationToken);
        await PassUntilAsync(clock, chat, "<ann> whole");

        Assert.That(chat.Log.Lines.All, Has.None.StartsWith("Error: "));
    }

    [Test]
    public async Task A_file_that_is_away_for_a_moment_while_an_editor_replaces_it_is_not_taken_out(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartWithoutEventsAsync(clock, cancellationToken);
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("first"));""");

        File.Move(chat.Drop("say.csx"), chat.Drop("say.csx~"));
        clock.Advance(chat.Options.PollInterval);
        await chat.TypeAsync("/ping");
        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("second"));""", cancellationToken);
        await PassUntilAsync(clock, chat, "<ann> second");

        Assert.That(chat.Log.Lines.All, Has.None.Contains("Removed plugin"));
        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(2));
    }

    [Test]
    public async Task What_could_not_be_read_is_looked_at_again_soon(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartWithoutEventsAsync(clock, cancellationToken);
        using (var writing = new FileStream(chat.Drop("say.csx"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            writing.Write("OnMessage("u8);
            writing.Flush();
            clock.Advance(chat.Options.PollInterval);
            while (!chat.Log.Lines.All.Any(line => line.Contains(
                "say.csx: it cannot be read now: ", StringComparison.Ordinal)))
            {
                clock.Advance(chat.Options.QuietTime);
                await chat.TypeAsync("/ping");
            }
        }

        var before = clock.GetUtcNow();
        await File.WriteAllTextAsync(
            chat.Drop("say.csx"), """OnMessage(m => Rewrite("readable"));""", cancellationToken);
        await PassUntilAsync(clock, chat, "<ann> readable");

        Assert.That(clock.GetUtcNow() - before, Is.LessThan(chat.Options.PollInterval));
    }

    [Test]
    public async Task A_folder_that_is_never_quiet_is_looked_at_all_the_same(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var watcher = new PluginWatcher(
            [folder.Path], TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400), TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    await File.WriteAllTextAsync(Path.Combine(folder.Path, "busy.log"), "more", CancellationToken.None);
                    await Task.Yield();
                }
            },
            cancellationToken);

        await watcher.WaitAsync(isUnsettled: false, cancellationToken);

        await enough.CancelAsync();
        await writing;
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Changes_that_come_together_make_one_look(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        using var watcher = new PluginWatcher(
            [folder.Path], TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20), TimeProvider.System);
        var looking = watcher.WaitAsync(isUnsettled: false, cancellationToken);

        for (var file = 0; file < 50; file++)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{file}.csx"), "x", cancellationToken);
        await looking;

        Assert.That(watcher.WaitAsync(isUnsettled: false, cancellationToken).IsCompleted, Is.False);
    }

    [Test]
    public void A_folder_that_is_not_there_is_no_fault()
    {
        var missing = Path.Combine(Path.GetTempPath(), Some.Name("missing"));

        Assert.That(
            () => new PluginWatcher([missing], TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeProvider.System).Dispose(),
            Throws.Nothing);
    }

    /// <summary>The watch is on the folder that was there at the start, and says nothing of the one in its
    /// place.</summary>
    private static Task<PluginChat> StartWithoutEventsAsync(
        FakeTimeProvider clock, CancellationToken cancellationToken) =>
        StartWithoutEventsAsync(clock, TimeSpan.FromHours(1), cancellationToken);

    private static async Task<PluginChat> StartWithoutEventsAsync(
        FakeTimeProvider clock, TimeSpan pollInterval, CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(100);
        chat.Options.PollInterval = pollInterval;
        chat.Options.StartTimeout = TimeSpan.FromMinutes(10);
        await chat.StartAsync();
        Directory.Move(chat.Drop(), chat.Drop("..", "moved"));
        Directory.CreateDirectory(chat.Drop());
        return chat;
    }

    /// <summary>Replaces the script by one of the same size, under the same time.</summary>
    private static void ReplaceUnseen(PluginChat chat, string script)
    {
        var time = File.GetLastWriteTimeUtc(chat.Drop("say.csx"));
        var draft = chat.Drop("..", "draft");
        File.WriteAllText(draft, script);
        File.SetLastWriteTimeUtc(draft, time);
        File.Move(draft, chat.Drop("say.csx"), overwrite: true);
    }

    /// <summary>Lets a quiet time go by again and again until the answer is as wanted.</summary>
    private static async Task PassUntilAsync(FakeTimeProvider clock, PluginChat chat, string answer)
    {
        while (await chat.TypeAsync("x") != answer)
            clock.Advance(chat.Options.QuietTime);
    }

    /// <summary>Asks again and again until the answer is as wanted; the test's own time limit ends it.</summary>
    private static async Task UntilAsync(PluginChat chat, string answer, string line = "x")
    {
        while (await chat.TypeAsync(line) != answer)
            await Task.Yield();
    }
}
