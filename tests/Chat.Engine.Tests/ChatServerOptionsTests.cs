using Chat.Engine.Hooks;
using Chat.Scenes.Clients;

namespace Chat.Engine.Tests;

public sealed class ChatServerOptionsTests
{
    [Test]
    public void The_defaults_are_valid()
    {
        Assert.That(new ChatServerOptions().Validate, Throws.Nothing);
    }

    /// <summary>A room's lines are encoded once per encoder, not once per listener.</summary>
    [Test]
    public void Listeners_that_name_no_protocol_share_one()
    {
        var options = new ChatServerOptions { Listeners = { new MemoryListener(), new MemoryListener() } };

        var protocols = options.ToSettings().Listeners.Select(listener => listener.Protocol).ToList();

        Assert.That(protocols[0], Is.SameAs(protocols[1]));
    }

    [TestCaseSource(nameof(Valid))]
    public void A_value_at_its_limit_is_valid(Action<ChatServerOptions> set)
    {
        var options = new ChatServerOptions();
        set(options);

        Assert.That(options.Validate, Throws.Nothing);
    }

    [TestCaseSource(nameof(Invalid))]
    public void A_value_just_outside_is_refused_by_name(string option, Action<ChatServerOptions> set)
    {
        var options = new ChatServerOptions();
        set(options);

        Assert.That(
            options.Validate,
            Throws.InstanceOf<ChatOptionsException>().With.Property("Option").EqualTo(option).And.Message.StartsWith(
                $"{option} must"));
    }

    [Test]
    public void The_message_has_the_rule_and_the_value()
    {
        var options = new ChatServerOptions { LogCapacity = 17 };

        Assert.That(
            options.Validate,
            Throws.InstanceOf<ChatOptionsException>().With.Message.EqualTo(
                "LogCapacity must be a power of two, but is 17."));
    }

    [Test]
    public void A_server_is_not_made_of_invalid_options()
    {
        Assert.That(
            () => ChatServer.Create(options => options.MaxLineBytes = 1), Throws.InstanceOf<ChatOptionsException>());
    }

    private static IEnumerable<TestCaseData> Valid()
    {
        yield return Case(o => o.DefaultRoom = new string('r', 64), "DefaultRoom 64");
        yield return Case(o => (o.MaxLineBytes, o.MaxMessageBytes) = (64, 64), "MaxLineBytes 64");
        yield return Case(o => o.MaxLineBytes = 1024 * 1024, "MaxLineBytes 1 MiB");
        yield return Case(o => o.MaxMessageBytes = 1, "MaxMessageBytes 1");
        yield return Case(o => o.MaxMessageBytes = o.MaxLineBytes, "MaxMessageBytes as MaxLineBytes");
        yield return Case(o => o.MaxRoomsPerClient = 1, "MaxRoomsPerClient 1");
        yield return Case(o => o.MaxRoomsPerClient = 1000, "MaxRoomsPerClient 1000");
        yield return Case(o => (o.LogCapacity, o.MaxLagLines) = (16, 15), "LogCapacity 16");
        yield return Case(o => o.LogCapacity = 1024 * 1024, "LogCapacity 1 Mi");
        yield return Case(o => o.MaxLogBytes = 4096, "MaxLogBytes 4096");
        yield return Case(o => o.MaxLagLines = 1, "MaxLagLines 1");
        yield return Case(o => o.MaxLagLines = o.LogCapacity - 1, "MaxLagLines one less than LogCapacity");
        yield return Case(o => o.MaxUnreadReplies = 8, "MaxUnreadReplies 8");
        yield return Case(o => o.MaxUnreadReplies = 65536, "MaxUnreadReplies 65536");
        yield return Case(o => o.SendTimeout = TimeSpan.FromMilliseconds(10), "SendTimeout 10 ms");
        yield return Case(o => o.SendTimeout = TimeSpan.FromHours(1), "SendTimeout 1 h");
        yield return Case(o => o.FlushTimeout = TimeSpan.Zero, "FlushTimeout 0");
        yield return Case(o => o.FlushTimeout = TimeSpan.FromMinutes(1), "FlushTimeout 1 min");
        yield return Case(o => o.GreetingDelay = TimeSpan.Zero, "GreetingDelay 0");
        yield return Case(o => o.GreetingDelay = TimeSpan.FromSeconds(10), "GreetingDelay 10 s");
        yield return Case(o => o.HookTimeBudget = TimeSpan.FromMilliseconds(10), "HookTimeBudget 10 ms");
        yield return Case(o => o.HookTimeBudget = TimeSpan.FromHours(1), "HookTimeBudget 1 h");
        yield return Case(o => o.MaxConnections = 0, "MaxConnections 0");
        yield return Case(o => o.MaxConnections = 1, "MaxConnections 1");
        yield return Case(o => o.StopTimeout = TimeSpan.Zero, "StopTimeout 0");
        yield return Case(o => o.StopTimeout = TimeSpan.FromMinutes(1), "StopTimeout 1 min");

        static TestCaseData Case(Action<ChatServerOptions> set, string name) =>
            new TestCaseData(set).SetArgDisplayNames(name);
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        var tick = TimeSpan.FromTicks(1);
        yield return Case("Name", o => o.Name = " ");
        yield return Case("DefaultRoom", o => o.DefaultRoom = "");
        yield return Case("DefaultRoom", o => o.DefaultRoom = null!);
        yield return Case("DefaultRoom", o => o.DefaultRoom = "two words");
        yield return Case("DefaultRoom", o => o.DefaultRoom = "#lobby");
        yield return Case("DefaultRoom", o => o.DefaultRoom = new string('r', 65));
        yield return Case("MaxLineBytes", o => o.MaxLineBytes = 63);
        yield return Case("MaxLineBytes", o => o.MaxLineBytes = (1024 * 1024) + 1);
        yield return Case("MaxMessageBytes", o => o.MaxMessageBytes = 0);
        yield return Case("MaxMessageBytes", o => o.MaxMessageBytes = o.MaxLineBytes + 1);
        yield return Case("MaxRoomsPerClient", o => o.MaxRoomsPerClient = 0);
        yield return Case("MaxRoomsPerClient", o => o.MaxRoomsPerClient = 1001);
        yield return Case("LogCapacity", o => o.LogCapacity = 8);
        yield return Case("LogCapacity", o => o.LogCapacity = 17);
        yield return Case("LogCapacity", o => o.LogCapacity = 2 * 1024 * 1024);
        yield return Case("MaxLogBytes", o => o.MaxLogBytes = 4095);
        yield return Case("MaxLagLines", o => o.MaxLagLines = 0);
        yield return Case("MaxLagLines", o => o.MaxLagLines = o.LogCapacity);
        yield return Case("MaxUnreadReplies", o => o.MaxUnreadReplies = 7);
        yield return Case("MaxUnreadReplies", o => o.MaxUnreadReplies = 65537);
        yield return Case("SendTimeout", o => o.SendTimeout = TimeSpan.FromMilliseconds(10) - tick);
        yield return Case("SendTimeout", o => o.SendTimeout = TimeSpan.FromHours(1) + tick);
        yield return Case("FlushTimeout", o => o.FlushTimeout = -tick);
        yield return Case("FlushTimeout", o => o.FlushTimeout = TimeSpan.FromMinutes(1) + tick);
        yield return Case("GreetingDelay", o => o.GreetingDelay = -tick);
        yield return Case("GreetingDelay", o => o.GreetingDelay = TimeSpan.FromSeconds(10) + tick);
        yield return Case("HookTimeBudget", o => o.HookTimeBudget = TimeSpan.FromMilliseconds(10) - tick);
        yield return Case("HookTimeBudget", o => o.HookTimeBudget = TimeSpan.FromHours(1) + tick);
        yield return Case(
            "Hooks:shout:TimeBudget", o => o.Hooks["shout"] = new HookOverride { TimeBudget = TimeSpan.Zero });
        yield return Case("MaxConnections", o => o.MaxConnections = -1);
        yield return Case("StopTimeout", o => o.StopTimeout = -tick);
        yield return Case("StopTimeout", o => o.StopTimeout = TimeSpan.FromMinutes(1) + tick);

        static TestCaseData Case(
            string option, Action<ChatServerOptions> set,
            [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(set))] string expression = "") =>
            new TestCaseData(option, set).SetArgDisplayNames(expression);
    }
}
