using System.Globalization;
using System.Net.Sockets;
using Chat.Hooks;

namespace Chat.Transport.Tcp.Tests.Epoll;

/// <summary>
/// What takes its time, a plugin that blocks or a client that floods, holds up the one whose line it is, and nobody
/// else on the same loop.
/// </summary>
[CancelAfter(60_000)]
public sealed class HeldUpLoopTests
{
    /// <summary>Connections are given to the loops in turn; with so many, each loop has several.</summary>
    private static readonly int _clients = 4 * Environment.ProcessorCount;

    private readonly SemaphoreSlim _held = new(0);
    private readonly SemaphoreSlim _released = new(0);

    [Test]
    public async Task The_others_talk_meanwhile_and_the_line_that_was_held_up_comes_after_all(
        CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        var peers = await JoinAllAsync(server, cancellationToken);

        await peers[0].SendAsync("hold\n", cancellationToken);
        await _held.WaitAsync(cancellationToken);
        var meanwhile = new List<string>();
        foreach (var index in Enumerable.Range(1, _clients - 1))
        {
            await peers[index].SendAsync($"meanwhile {index}\n", cancellationToken);
            foreach (var reader in peers[1..])
                meanwhile.AddRange(await reader.ReadUntilAsync($"meanwhile {index}", cancellationToken));
        }

        _released.Release();
        var after = await peers[1].ReadUntilAsync("hold", cancellationToken);

        Assert.That(meanwhile, Has.None.Contains("hold"));
        Assert.That(after, Is.EqualTo(new[] { "<p0> hold" }));
        Assert.That(server.Log.Errors, Is.Empty);
    }

    [Test]
    public async Task Several_in_a_row_are_held_up_without_the_others(CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        var peers = await JoinAllAsync(server, cancellationToken);
        var talking = peers[^1];

        var meanwhile = new List<string>();
        foreach (var peer in peers[..^2])
        {
            await peer.SendAsync("hold\n", cancellationToken);
            await _held.WaitAsync(cancellationToken);
            await talking.SendAsync("meanwhile\n", cancellationToken);
            meanwhile.AddRange(await peers[^2].ReadUntilAsync("meanwhile", cancellationToken));
        }

        _released.Release(peers.Count - 2);
        var after = new List<string>();
        while (after.Count < peers.Count - 2)
            after.Add((await peers[^2].ReadLineAsync(cancellationToken))!);

        Assert.That(meanwhile, Is.EqualTo(Enumerable.Repeat($"<p{_clients - 1}> meanwhile", _clients - 2)));
        Assert.That(after, Is.EquivalentTo(Enumerable.Range(0, _clients - 2).Select(index => $"<p{index}> hold")));
    }

    [Test]
    public async Task One_who_was_held_up_is_served_as_before(CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        var peers = await JoinAllAsync(server, cancellationToken);

        for (var round = 0; round < 5; round++)
        {
            await peers[0].SendAsync(Say("hold", round) + Say("after", round), cancellationToken);
            await _held.WaitAsync(cancellationToken);
            await peers[1].PingAsync(Say("still", round).TrimEnd(), cancellationToken);
            _released.Release();
            await peers[0].ReadUntilAsync(Say("after", round).TrimEnd(), cancellationToken);
        }

        var said = (await peers[2].PingAsync("end", cancellationToken)).Where(line => line.StartsWith('<'));
        Assert.That(said, Is.EqualTo(
            Enumerable.Range(0, 5).SelectMany(round => new[] { $"<p0> hold {round}", $"<p0> after {round}" })));
    }

    [Test]
    public async Task What_came_in_together_with_the_line_that_is_held_up_arrives_once(
        CancellationToken cancellationToken)
    {
        const int Rounds = 25;
        await using var server = await StartAsync(cancellationToken);
        var peers = await JoinAllAsync(server, cancellationToken);
        var reader = peers[^1];
        var talking = peers[..^1];
        var heard = new List<string>();
        var wanted = new List<string>();

        for (var round = 0; round < Rounds; round++)
        {
            // A different one each time: the first, the last and some in the middle of what a loop reads at once.
            var holder = round % talking.Count;
            var expected = talking.Select(
                (_, index) => $"<p{index}> {Say(index == holder ? "hold" : "talk", round).TrimEnd()}").ToList();
            for (var index = 0; index < talking.Count; index++)
                talking[index].Socket.Send(Bytes.Latin(Say(index == holder ? "hold" : "talk", round)));
            for (var count = 0; count < talking.Count - 1; count++)
                heard.Add((await reader.ReadLineAsync(cancellationToken))!);
            await _held.WaitAsync(cancellationToken);
            _released.Release();
            heard.Add((await reader.ReadLineAsync(cancellationToken))!);
            wanted.AddRange(expected);
        }

        heard.AddRange(await reader.PingAsync("end", cancellationToken));
        Assert.That(heard, Is.EquivalentTo(wanted));
    }

    [TestCase("\u00ff\u00f1", TestName = "One_who_floods_with_telnet_commands_does_not_hold_up_the_others")]
    [TestCase("\n", TestName = "One_who_floods_with_empty_lines_does_not_hold_up_the_others")]
    [CancelAfter(20_000)]
    public async Task One_who_floods_does_not_hold_up_the_others(string unit, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        var peers = await JoinAllAsync(server, cancellationToken);
        var flood = Bytes.Latin(string.Concat(Enumerable.Repeat(unit, 100_000)));
        using var enough = new CancellationTokenSource();
        var flooding = Task.Factory.StartNew(
            Flood, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var heard = 0;
        for (var round = 0; round < 10; round++)
        {
            foreach (var peer in peers[1..])
                heard += (await peer.PingAsync(Say("still", round).TrimEnd(), cancellationToken)).Count;
        }

        await enough.CancelAsync();
        peers[0].Reset();
        await flooding;
        Assert.That(heard, Is.Zero);

        void Flood()
        {
            while (!enough.IsCancellationRequested && peers[0].Socket.Send(flood, SocketFlags.None, out _) > 0)
            {
            }
        }
    }

    private static string Say(string what, int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {round}\n");

    private static async Task<List<Peer>> JoinAllAsync(RunningServer server, CancellationToken cancellationToken)
    {
        var peers = new List<Peer>();
        for (var index = 0; index < _clients; index++)
            peers.Add(await server.JoinAsync($"p{index}", cancellationToken));
        foreach (var peer in peers)
            await peer.PingAsync("all", cancellationToken);
        return peers;
    }

    private Task<RunningServer> StartAsync(CancellationToken cancellationToken) =>
        RunningServer.StartAsync(cancellationToken, options =>
    {
        options.HookTimeBudget = TimeSpan.FromMinutes(1);
        options.AddHook("holding", message =>
        {
            if (message.Text.StartsWith("hold", StringComparison.Ordinal))
            {
                _held.Release();
                _released.Wait(cancellationToken);
            }

            return HookResult.Pass;
        });
    });
}
