using Chat.PluginHost.Versions;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests;

/// <summary>What can be seen of a version from when it is taken out until it is gone.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class RetirementTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task A_version_drains_is_unloaded_and_is_gone(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        using var line = await HoldAsync(chat, cancellationToken);
        Assert.That(chat.Plugins.Plugins.Single(), Has.Property("State").EqualTo(PluginState.Active)
            .And.Property("Since").EqualTo(_clock.GetUtcNow()));

        await chat.SaveAsync("hold.csx", "OnMessage(m => Pass);");
        Assert.That(chat.Plugins.Retired.Single(), Has.Property("Version").EqualTo(1).And.Property("State").EqualTo(
            PluginState.Draining));
        Assert.That(chat.Plugins.Plugins.Single(), Has.Property("Version").EqualTo(2).And.Property("State").EqualTo(
            PluginState.Active));
        line.Release();
        await chat.RetiredAsync();
        Assert.That(chat.Plugins.Retired.Single().State, Is.EqualTo(PluginState.Unloading));

        await PassUntilAsync(() => chat.Plugins.Retired.Count == 0, cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.None.Contains("still in memory"), "it went in time");
    }

    [Test]
    public async Task Lines_still_inside_an_old_version_are_named_and_hold_up_no_reload(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        using var line = await HoldAsync(chat, cancellationToken);

        await chat.SaveAsync("hold.csx", """OnMessage(m => Rewrite("second"));""");
        await PassUntilAsync(() => Said(chat, "still in memory"), cancellationToken);
        await chat.SaveAsync("hold.csx", """OnMessage(m => Rewrite("third"));""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> third"));
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Warning: Plugin hold version 1 is retired but still in memory after 10 s. It still held: lines or timers "
                + "that are still inside it."));
        Assert.That(await chat.TypeAsync("/plugins"), Does.Match(
            @"(?m)^  hold +hold\.csx +1 +retired +\d+ s +lines or timers that are still inside it$"));
        line.Release();
        await PassUntilAsync(() => chat.Plugins.Retired.Count == 0, cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Information: Plugin hold version 1, which was still in memory, is gone after all."));
    }

    [Test]
    public async Task The_operator_is_warned_when_more_than_three_versions_are_in_memory(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        List<Line> lines = [];
        for (var version = 1; version <= 3; version++)
            lines.Add(await HoldAsync(chat, cancellationToken, version));

        await chat.SaveAsync("hold.csx", "OnMessage(m => Pass);");
        await PassUntilAsync(() => Said(chat, "old versions"), cancellationToken);

        Assert.That(chat.Log.Lines.All, Has.One.StartsWith(
            "Warning: 3 old versions of plugin hold are still in memory: 1, 2, 3. Each reload may add another"));
        foreach (var line in lines)
            line.Dispose();
    }

    [Test]
    public async Task The_plugins_are_listed_with_what_they_have(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        Assert.That(await chat.TypeAsync("/plugins"), Is.EqualTo("No plugins."));
        await chat.SaveAsync("10-first.csx", """
            OnMessage(m => Pass);
            OnSending(m => Allow);
            OnOutcome(o => default);
            Command("roll", "", "", call => Done);
            """);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await chat.SaveAsync("second.csx", """Command("flip", "", "", call => Done);""");
        await chat.SaveAsync("third.csx", "this is no script");

        var shown = await chat.TypeAsync("/plugins");

        Assert.That(shown, Is.EqualTo("""
            Plugins:
              plugin  file          version  state   for    has
              first   10-first.csx  1        active  5 min  hook first, guard first/2, observer first, /roll
              second  second.csx    1        active  0 s    /flip
            Not loaded (/hooks says why): third
            """));
    }

    [Test]
    public async Task The_list_of_plugins_goes_with_the_directory(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);

        await chat.Plugins.DisposeAsync();

        Assert.That(await chat.TypeAsync("/plugins"), Does.StartWith("There is no command /plugins."));
    }

    private static bool Said(PluginChat chat, string text) =>
        chat.Log.Lines.All.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Saves a version whose hook holds a line until it is released, and has somebody say that line.</summary>
    private static async Task<Line> HoldAsync(PluginChat chat, CancellationToken cancellationToken, int version = 1)
    {
        var line = new Line($"retire/{version}");
        await chat.SaveAsync("hold.csx", $$"""
            OnMessage(async m =>
            {
                if (m.Text != "hold") return Pass;
                var signals = (TaskCompletionSource[])AppDomain.CurrentDomain.GetData("retire/{{version}}");
                signals[0].TrySetResult();
                await signals[1].Task;
                return Pass;
            }, new HookOptions { TimeBudget = TimeSpan.FromMinutes(5) });
            """);
        var speaker = await chat.Chat.EnterAsync($"speaker{version}");
        await speaker.SendLineAsync("hold");
        await line.IsInside.WaitAsync(cancellationToken);
        return line;
    }

    private async Task<PluginChat> StartAsync(CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = _clock;
        return await chat.StartAsync();
    }

    /// <summary>Lets time go by, with a full collection each second, until it is so.</summary>
    private async Task PassUntilAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (!isReached())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LoadContexts.Collect();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>A line that is inside a hook, until it is released.</summary>
    private sealed class Line : IDisposable
    {
        private readonly TaskCompletionSource[] _signals = [NewSignal(), NewSignal()];
        private readonly Shared _shared;

        public Line(string name) => _shared = Shared.Put(name, _signals);

        public Task IsInside => _signals[0].Task;

        public void Release() => _signals[1].TrySetResult();

        public void Dispose()
        {
            Release();
            _shared.Dispose();
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
