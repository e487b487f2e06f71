using Chat.Events;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Extensibility.Tests;

/// <summary>A recorder loses nothing, however slow it is.</summary>
[CancelAfter(20000)]
public sealed class SlowRecorderTests
{
    private const int Lines = 100;

    [Test]
    public async Task What_is_said_faster_than_it_is_recorded_waits_and_nothing_is_lost(
        CancellationToken cancellationToken)
    {
        var recorder = new SlowRecorder();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.LogCapacity, options.MaxLagLines) = (16, 15);
                options.Recorders.Add(recorder);
            },
            cancellationToken);
        var saying = Task.Run(
            async () =>
            {
                for (var line = 0; line < Lines; line++)
                    await chat.Server.Room("lobby").SayAsync("bot", $"line {line}", cancellationToken);
            },
            cancellationToken);
        await recorder.Calls.WaitForAsync(1, cancellationToken);
        Assert.That(saying.IsCompleted, Is.False);

        recorder.GoOn(1000);
        await saying;

        var recorded = await recorder.Recorded.WaitForAsync(Lines, cancellationToken);
        Assert.That(
            recorded.OfType<Said>().Select(said => said.Text),
            Is.EqualTo(Enumerable.Range(0, Lines).Select(line => $"line {line}")));
    }

    [Test]
    public async Task Nobody_who_only_listens_is_held_up(CancellationToken cancellationToken)
    {
        var recorder = new SlowRecorder();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.LogCapacity, options.MaxLagLines) = (16, 15);
                options.Recorders.Add(recorder);
            },
            cancellationToken);
        recorder.GoOn(1000);
        var ann = await chat.EnterAsync("ann");

        for (var line = 0; line < Lines; line++)
            await ann.SendLineAsync($"line {line}");
        await ann.ExpectAsync($"line {Lines - 1}");

        await recorder.Recorded.WaitForAsync(
            each => each is Said said && said.Text == $"line {Lines - 1}", cancellationToken);
    }

    [Test]
    public async Task What_could_not_be_recorded_is_recorded_when_it_can_be(CancellationToken cancellationToken)
    {
        var recorder = new SlowRecorder();
        var log = new CollectingLog();
        var time = new FakeTimeProvider();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.Clock, options.LoggerFactory) = (time, log);
                options.Recorders.Add(recorder);
            },
            cancellationToken);
        recorder.FailOnce();
        await chat.Server.Room("lobby").SayAsync("bot", "hello", cancellationToken);
        recorder.GoOn(2);
        await log.WaitForAsync("Recorder SlowRecorder failed", cancellationToken);

        while (recorder.Recorded.All.Count == 0)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That(recorder.Recorded.All.Cast<Said>().Single().Text, Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_server_that_stops_waits_for_what_is_yet_to_be_recorded(CancellationToken cancellationToken)
    {
        var recorder = new SlowRecorder();
        var chat = await TestChat.StartAsync(options => options.Recorders.Add(recorder), cancellationToken);
        await chat.Server.Room("lobby").SayAsync("bot", "last words", cancellationToken);
        await recorder.Calls.WaitForAsync(1, cancellationToken);

        var stopping = chat.DisposeAsync().AsTask();
        recorder.GoOn(10);
        await stopping;

        Assert.That(recorder.Recorded.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_stops_says_how_much_a_recorder_that_hangs_has_lost(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var chat = await TestChat.StartAsync(
            options =>
            {
                (options.LoggerFactory, options.StopTimeout) = (log, TimeSpan.Zero);
                options.Recorders.Add(new SlowRecorder());
            },
            cancellationToken);
        await chat.Server.Room("lobby").SayAsync("bot", "last words", cancellationToken);

        await chat.DisposeAsync();

        await log.WaitForAsync("SlowRecorder had recorded everything. Events lost: 1.", cancellationToken);
    }
}
