using Chat.Commands;
using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Observers;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Tests.Hooks;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Engine.Tests.Registrations;

[CancelAfter(10000)]
public sealed class RegistrationTableTests
{
    private readonly CollectingLog _log = new();
    private readonly RoomDirectory _rooms;
    private readonly RegistrationTable _table;
    private readonly Watchdog _watchdog = new(
        TimeProvider.System, TimeSpan.FromMinutes(1), new CallProfiler(new ProcessResources()));

    public RegistrationTableTests()
    {
        var settings = new ChatServerOptions { LogCapacity = 16, MaxLagLines = 8 }.ToSettings();
        _rooms = new RoomDirectory(new LogicalClock(), TimeProvider.System, settings.Log);
        _table = new RegistrationTable(
            settings.Registrations, new ChatMetrics(server: null), _rooms, _watchdog,
            TimeProvider.System, _log.CreateLogger(""));
    }

    [TearDown]
    public void EndWatchdog() => _watchdog.Dispose();

    [Test]
    public async Task A_line_keeps_the_set_it_began_with_to_its_end(CancellationToken cancellationToken)
    {
        var old = Plugin("v1", "[v1]");
        await _table.Swap(null, old);
        var set = _table.Enter();

        var swapped = _table.Swap(old, Plugin("v1", "[v2]"));
        var result = await set.Pipeline.RunAsync(Some.Message("x"), cancellationToken);

        Assert.That((result.Outcomes.Single().Message.Text, swapped.IsCompleted), Is.EqualTo(("x[v1]", false)));
        set.Exit();
    }

    [Test]
    public async Task A_swap_has_drained_when_the_last_line_of_the_old_set_ends(CancellationToken cancellationToken)
    {
        var old = Plugin("a", "[v1]");
        await _table.Swap(null, old);
        RegistrationSet first = _table.Enter(), second = _table.Enter();
        var swapped = _table.Swap(old, null);

        first.Exit();
        var early = swapped.IsCompleted;
        second.Exit();

        Assert.That(early, Is.False);
        Assert.That(async () => await swapped.WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task A_swap_waits_for_lines_that_began_before_an_earlier_swap(CancellationToken cancellationToken)
    {
        var plugin = Plugin("a", "[a]");
        await _table.Swap(null, plugin);
        var line = _table.Enter();
        _ = _table.Swap(null, Plugin("b", "[b]"));

        var removed = _table.Swap(plugin, null);
        var early = removed.IsCompleted;
        line.Exit();

        Assert.That(early, Is.False);
        Assert.That(async () => await removed.WaitAsync(cancellationToken), Throws.Nothing);
    }

    [Test]
    public async Task A_line_that_is_stuck_holds_up_only_what_it_may_still_call(CancellationToken cancellationToken)
    {
        var stuck = Plugin("stuck", "[s]");
        await _table.Swap(null, stuck);
        var line = _table.Enter();
        var later = Plugin("later", "[1]");
        await _table.Swap(null, later).WaitAsync(cancellationToken);

        var replaced = _table.Swap(later, Plugin("later", "[2]"));
        var removed = _table.Swap(stuck, null);

        Assert.That(async () => await replaced.WaitAsync(cancellationToken), Throws.Nothing);
        Assert.That(removed.IsCompleted, Is.False);
        line.Exit();
        await removed.WaitAsync(cancellationToken);
    }

    [Test]
    public void Rooms_that_are_missing_are_refused_when_the_hook_is_registered()
    {
        var registration = new Registration("a", "a.dll");

        Assert.That(
            () => registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Rooms = [null!] }),
            Throws.ArgumentException);
        Assert.That(
            () => registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Rooms = null! }),
            Throws.ArgumentException);
    }

    [Test]
    public async Task A_new_line_sees_the_new_set_at_once_while_the_old_one_drains(CancellationToken cancellationToken)
    {
        var old = Plugin("a", "[v1]");
        await _table.Swap(null, old);
        var line = _table.Enter();

        _ = _table.Swap(old, Plugin("a", "[v2]"));
        var result = await _table.Enter().Pipeline.RunAsync(Some.Message("x"), cancellationToken);

        Assert.That(result.Outcomes.Single().Message.Text, Is.EqualTo("x[v2]"));
        line.Exit();
    }

    [Test]
    public async Task No_line_sees_both_versions_or_neither_while_they_are_swapped(CancellationToken cancellationToken)
    {
        const int Swaps = 500;
        var current = Plugin("a", "+");
        await _table.Swap(null, current);
        var done = false;
        var lines = Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                List<string> wrong = [];
                while (!Volatile.Read(ref done))
                {
                    var set = _table.Enter();
                    var result = await set.Pipeline.RunAsync(Some.Message("x"), cancellationToken);
                    if (result.Outcomes.Single().Message.Text != "x+")
                        wrong.Add(result.Outcomes.Single().Message.Text);
                    set.Exit();
                    await Task.Yield();
                }

                return wrong;
            },
            cancellationToken)).ToList();

        for (var swap = 0; swap < Swaps; swap++)
        {
            var next = Plugin("a", "+");
            await _table.Swap(current, next).WaitAsync(cancellationToken);
            current = next;
        }

        Volatile.Write(ref done, true);
        Assert.That((await Task.WhenAll(lines)).SelectMany(wrong => wrong), Is.Empty);
    }

    [Test]
    public async Task An_id_that_is_taken_is_refused_and_nothing_changes()
    {
        await _table.Swap(null, Plugin("a", "[1]"));

        Assert.That(
            () => _table.Swap(null, Plugin("A", "[2]")),
            Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo("The id A is taken by a.dll."));
        Assert.That(_table.Bindings, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_command_that_is_taken_is_refused_and_nothing_changes()
    {
        await _table.Swap(null, WithCommand("a", "roll"));
        var old = Plugin("b", "[b]");
        await _table.Swap(null, old);

        Assert.That(
            () => _table.Swap(old, WithCommand("b", "roll")),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("/roll is already registered by a"));
        Assert.That(_table.Bindings.Single().Id, Is.EqualTo("b"));
    }

    [Test]
    public async Task Commands_go_with_their_owner()
    {
        var plugin = WithCommand("a", "roll");
        await _table.Swap(null, plugin);

        await _table.Swap(plugin, null);

        Assert.That(_table.Enter().Commands.Find("roll"), Is.Null);
    }

    [Test]
    public async Task Observers_go_with_their_owner(CancellationToken cancellationToken)
    {
        CollectingObserver removed = new(), other = new();
        var plugin = new Registration("a", "a.dll");
        plugin.Add(removed);
        var rest = new Registration("b", "b.dll");
        rest.Add(other);
        await _table.Swap(null, plugin);
        await _table.Swap(null, rest);

        await _table.Swap(plugin, null).WaitAsync(cancellationToken);
        _rooms.Feed.Append(
            new OutcomeRecorded(new MessageOutcome(Some.Message(), MessageDisposition.Sent, null, null)));
        await other.Outcomes.WaitForAsync(1, cancellationToken);

        Assert.That(removed.Outcomes.All, Is.Empty);
    }

    [Test]
    public async Task A_swap_waits_until_an_observer_has_returned(CancellationToken cancellationToken)
    {
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var plugin = new Registration("a", "a.dll");
        plugin.Add(async _ =>
        {
            called.TrySetResult();
            await release.Task;
        });
        await _table.Swap(null, plugin);
        _rooms.Feed.Append(Some.Said());
        await called.Task.WaitAsync(cancellationToken);

        var removed = _table.Swap(plugin, null);
        var early = removed.IsCompleted;
        release.SetResult();

        Assert.That(early, Is.False);
        Assert.That(async () => await removed.WaitAsync(cancellationToken), Throws.Nothing);
    }

    private static Registration Plugin(string owner, string suffix)
    {
        var plugin = new Registration(owner, $"{owner}.dll");
        plugin.Add(new Chat.Engine.Hooks.DelegateHook(message => HookResult.Rewrite(message.Text + suffix)));
        return plugin;
    }

    private static Registration WithCommand(string owner, string command)
    {
        var plugin = new Registration(owner, $"{owner}.dll");
        plugin.Add(new ChatCommand(command, "", "", (_, _) => CommandResult.Done));
        return plugin;
    }
}
