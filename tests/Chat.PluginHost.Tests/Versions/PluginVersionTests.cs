using Chat.PluginHost.Versions;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Versions;

[CancelAfter(30000)]
public sealed class PluginVersionTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _collections;

    [Test]
    public void What_only_waits_for_the_garbage_collector_is_not_said_to_be_held()
    {
        var version = Unloading();

        _collections += 3;

        Assert.That(version.IsHeld(), Is.False);
        Assert.That(version.Describe().StillHeld, Is.EqualTo(new[] { "nothing that is known: its memory is free after one of the next full garbage collections" }));
    }

    [Test]
    public void What_outlives_several_full_collections_is_held_by_something()
    {
        var version = Unloading();

        _collections += 4;

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
        Assert.That(version.Describe(), Has.Property("State").EqualTo(PluginState.Unloading).And.Property("Since").EqualTo(since));
        version.Enter(PluginState.Retired);

        Assert.That(version.Describe(), Has.Property("State").EqualTo(PluginState.Retired).And.Property("Since").EqualTo(since + TimeSpan.FromSeconds(3)));
    }

    private PluginVersion Unloading()
    {
        var version = new PluginVersion("foo", "foo.csx", 1, _clock, () => _collections);
        version.Enter(PluginState.Draining);
        version.Enter(PluginState.Unloading);
        return version;
    }
}
