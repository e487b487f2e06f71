using Chat.Commands;
using Chat.Engine.Registrations;
using Chat.Hooks;
using Chat.Testing;

namespace Chat.Engine.Tests.Registrations;

public sealed class RegistrationTests
{
    private readonly Registration _registration = new("shout", "10-shout.csx", defaultOrder: 10);

    [Test]
    public void Hooks_are_named_after_their_owner_and_numbered()
    {
        _registration.Add((IMessageHook)new CollectingHook());
        _registration.Add((IMessageGuard)new CollectingHook());
        _registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Name = "quiet" });

        Assert.That(
            _registration.Hooks.Select(hook => hook.Id), Is.EqualTo(new[] { "shout", "shout/2", "shout/quiet" }));
    }

    [Test]
    public void It_says_which_commands_and_how_many_observers_it_has()
    {
        _registration.Add(new ChatCommand("roll", "", "", (_, _) => CommandResult.Done));
        _registration.Add((IMessageObserver)new CollectingObserver());
        _registration.Add(_ => default);

        Assert.That(_registration.Commands.Select(command => command.Name), Is.EqualTo(new[] { "roll" }));
        Assert.That(_registration.ObserverCount, Is.EqualTo(2));
    }

    [TestCase(null, 10)]
    [TestCase(3, 3)]
    public void A_hook_without_an_order_takes_its_owners(int? order, int expected)
    {
        _registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Order = order });

        Assert.That(_registration.Hooks[0].Options.Order, Is.EqualTo(expected));
    }

    [Test]
    public void Two_hooks_of_one_name_are_refused()
    {
        _registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Name = "a" });

        Assert.That(
            () => _registration.Add((IMessageHook)new CollectingHook(), new HookOptions { Name = "A" }),
            Throws.InvalidOperationException.With.Message.Contains("shout/A is registered twice by 10-shout.csx"));
    }

    [Test]
    public void A_command_registered_twice_is_refused()
    {
        _registration.Add(Command("roll"));

        Assert.That(
            () => _registration.Add(Command("ROLL")),
            Throws.InvalidOperationException.With.Message.Contains("/ROLL is registered twice by 10-shout.csx"));
    }

    [TestCase("")]
    [TestCase("/roll")]
    [TestCase("two words")]
    [TestCase("roll!")]
    [TestCase("abcdefghijklmnopqrstuvwxy")]
    public void A_command_needs_a_proper_name(string name)
    {
        Assert.That(() => _registration.Add(Command(name)), Throws.ArgumentException);
    }

    [TestCase("r")]
    [TestCase("roll-2_x")]
    [TestCase("würfel")]
    [TestCase("abcdefghijklmnopqrstuvwx")]
    public void Letters_digits_and_dashes_make_a_proper_name(string name)
    {
        _registration.Add(Command(name));

        Assert.That(_registration.Commands.Single().Name, Is.EqualTo(name));
    }

    [TestCase(null)]
    [TestCase(" ")]
    public void An_owner_needs_an_id(string? owner)
    {
        Assert.That(() => new Registration(owner!, "x"), Throws.ArgumentException);
    }

    private static ChatCommand Command(string name) => new(name, "", "", (_, _) => CommandResult.Done);
}
