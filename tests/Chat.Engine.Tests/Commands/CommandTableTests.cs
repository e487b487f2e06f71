using Chat.Commands;
using Chat.Engine.Commands;
using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation.Targets;
using Chat.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Engine.Tests.Commands;

public sealed class CommandTableTests
{
    [Test]
    public void A_command_is_found_in_any_case()
    {
        var table = new CommandTable([Command("Roll")]);

        Assert.That(table.Find("rOLL")?.Command.Name, Is.EqualTo("Roll"));
    }

    [Test]
    public void Two_commands_of_one_name_are_refused_with_the_first_owner()
    {
        Assert.That(
            () => new CommandTable([Command("roll", "dice"), Command("ROLL", "bread")]),
            Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo(
                "The command /ROLL is already registered by dice."));
    }

    [Test]
    public void Commands_are_listed_in_alphabetical_order()
    {
        var table = new CommandTable([Command("b"), Command("C"), Command("a")]);

        Assert.That(table.All.Select(command => command.Command.Name), Is.EqualTo(new[] { "a", "b", "C" }));
    }

    [TestCase("rol", "roll")]
    [TestCase("xyzzy", null)]
    public void An_unknown_command_is_refused_with_the_nearest(string name, string? nearest)
    {
        var table = new CommandTable([Command("roll")]);

        Assert.That(
            table.Unknown(name), Is.EqualTo(new Refused(RefusalCode.UnknownCommand, name) { Suggestion = nearest }));
    }

    private static OwnedCommand Command(string name, string owner = "plugin")
    {
        var identity = new HookIdentity("Command", $"/{name}", owner, "plugin.dll");
        using var metrics = new ChatMetrics(server: null);
        var telemetry = new HookTelemetry(identity, metrics, NullLogger.Instance, TimeProvider.System);
        var breaker = new CircuitBreaker(3, TimeSpan.FromMinutes(1), TimeProvider.System);
        var target = new CallTarget(identity, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), telemetry, breaker);
        return new OwnedCommand(
            new ChatCommand(name, "", "", (_, _) => CommandResult.Done), target, TimeProvider.System);
    }
}
