using System.Diagnostics.Metrics;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Engine.Tests.Diagnostics;

[CancelAfter(10000)]
public sealed class ChatMetricsTests
{
    private readonly Dictionary<string, double> _totals = [];
    private object? _measured;

    [Test]
    public async Task Lines_connections_and_faults_are_counted(CancellationToken cancellationToken)
    {
        using var listener = Listen();
        var memory = new MemoryListener();
        var options = new ChatServerOptions { GreetingDelay = TimeSpan.Zero };
        options.Listeners.Add(memory);
        options.Add((IMessageHook)new ThrowingHook(), "bad");

        var server = new ChatServer(options);
        _measured = server;
        await server.StartAsync(cancellationToken);
        var client = memory.Connect(cancellationToken);
        await client.SendLineAsync("one");
        await client.PingAsync();
        var during = Total("chat.connections");
        await client.CloseAsync();
        await server.DisposeAsync();

        Assert.That((during, Total("chat.connections")), Is.EqualTo((1, 0)));
        Assert.That(
            (Total("chat.lines.received"), Total("chat.lines.delivered"), Total("chat.lines.skipped")),
            Is.EqualTo((2, 4, 0)));
        Assert.That((Total("chat.hook.faults bad"), Total("chat.hook.duration bad")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Skipped_lines_are_counted_as_they_are_told(CancellationToken cancellationToken)
    {
        using var listener = Listen();
        var memory = new MemoryListener(capacity: 512);
        var options = new ChatServerOptions { GreetingDelay = TimeSpan.Zero, LogCapacity = 16, MaxLagLines = 8 };
        options.Listeners.Add(memory);
        await using var server = new ChatServer(options);
        _measured = server;
        await server.StartAsync(cancellationToken);
        var slow = memory.Connect(cancellationToken);
        await slow.ExpectAsync("joined lobby");
        for (var line = 0; line < 300; line++)
            await server.Room("lobby").SayAsync("host", $"line {line}", cancellationToken);

        var told = (await slow.PingAsync())
            .Where(line => line.Contains("skipped", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        slow.Reset();

        Assert.That(told, Is.Positive);
        Assert.That(Total("chat.lines.skipped"), Is.EqualTo(told));
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Chat")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();
        return listener;
    }

    // Every server has instruments under the same names, those of other tests too: the meter's scope tells them apart.
    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!ReferenceEquals(instrument.Meter.Scope, _measured))
            return;
        var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        lock (_totals)
            _totals[name] = _totals.GetValueOrDefault(name) + value;
    }

    private double Total(string name)
    {
        lock (_totals)
            return _totals.GetValueOrDefault(name);
    }
}
