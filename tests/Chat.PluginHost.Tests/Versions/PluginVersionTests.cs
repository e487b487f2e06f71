using Chat.PluginHost.Versions;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Versions;

[CancelAfter(30000)]
public sealed class PluginVersionTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Counts _counts = new();

    [Test]
    public void What_only_waits_for_the_garbage_collector_is_not_said_to_be_held()
    {
        var version = Unloading();

        _counts.FullCollections += 3;

        Assert.That(version.IsHeld(), Is.False);
        Assert.That(version.Describe().StillHeld, Is.EqualTo(new[]
        {
            "nothing that is known: the next full garbage collections free its memory, unless a thread of its own "
                + "still runs",
        }));
    }

    [Test]
    public void What_outlives_several_full_collections_is_held_by_something()
    {
        var version = Unloading();

        _counts.FullCollections += 4;

        Assert.That(version.IsHeld(), Is.True);
        Assert.That(version.Describe().StillHeld, Has.One.StartsWith("something the host has not issued"));
    }

    [Test]
    public async Task What_does_not_end_is_named_until_it_ends()
    {
        var version = Unloading();
        var step = new TaskCompletionSource();

        var following = version.AwaitEndOfAsync("lines or timers that are still inside it", step.Task);

        Assert.That(version.IsHeld(), Is.True);
        Assert.That(version.Describe().StillHeld, Is.EqualTo(new[] { "lines or timers that are still inside it" }));
        step.SetException(new InvalidOperationException("deliberate"));
        await following;
        Assert.That(version.IsHeld(), Is.False);
    }

    [Test]
    public void Each_state_has_its_time()
    {
        var version = Unloading();
        var since = _clock.GetUtcNow();

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(version.Describe(), Has.Property("State").EqualTo(PluginState.Unloading)
            .And.Property("Since").EqualTo(since));
        version.Enter(PluginState.Retired);

        Assert.That(version.Describe(), Has.Property("State").EqualTo(PluginState.Retired)
            .And.Property("Since").EqualTo(since + TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void G10_threads_that_outlive_a_version_are_said_to_hold_it()
    {
        var version = Unloading();

        _counts.Threads += 1200;

        Assert.That(version.IsHeld(), Is.True);
        Assert.That(version.Describe().StillHeld, Is.EqualTo(
            new[] { "threads of its own: the process has 1200 more than before it was loaded" }));
        _counts.Threads -= 1200;
        Assert.That(version.IsHeld(), Is.False);
    }

    private PluginVersion Unloading()
    {
        var version = new PluginVersion("foo", "foo.csx", 1, _clock, _counts);
        version.Enter(PluginState.Draining);
        version.Enter(PluginState.Unloading);
        return version;
    }

    private sealed class Counts : IProcessCounts
    {
        public int FullCollections { get; set; }

        public int Threads { get; set; } = 20;
    }
}
