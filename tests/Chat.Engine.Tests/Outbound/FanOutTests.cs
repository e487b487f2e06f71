using System.Net;
using System.Text;
using Chat.Connections;
using Chat.Engine.Outbound;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Engine.Tests.Scheduling;
using Chat.Protocols;
using Chat.Testing;

namespace Chat.Engine.Tests.Outbound;

/// <summary>What a line costs each member, and in which order they get what there is.</summary>
[CancelAfter(20000)]
public sealed class FanOutTests
{
    private const int Lines = 2000;

    [Test]
    public async Task A_line_allocates_nothing_for_each_member(CancellationToken cancellationToken)
    {
        var few = await AllocatedAsync(members: 1, cancellationToken);
        var many = await AllocatedAsync(members: 101, cancellationToken);

        Assert.That((many - few) / (Lines * 100.0), Is.LessThan(0.1), "bytes for each line and member");
    }

    [Test]
    public async Task All_members_are_sent_the_same_bytes_in_one_piece(CancellationToken cancellationToken)
    {
        await using var services = new SomeServices(new ChatServerOptions());
        var connections = Enumerable.Range(0, 3).Select(_ => new TakingConnection()).ToList();

        await new TestLoop().RunAsync(loop =>
        {
            var room = Join(services, connections, loop);
            connections.ForEach(connection => connection.Sent.Clear());
            for (var line = 0; line < 5; line++)
                room.TryAppend(Some.Said($"line {line}"));
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        var expected = string.Concat(Enumerable.Range(0, 5).Select(line => $"<ann> line {line}\r\n"));
        Assert.That(connections.Select(connection => connection.Sent), Is.All.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task A_very_large_room_is_not_served_by_one_loop_alone(CancellationToken cancellationToken)
    {
        Assume.That(Environment.ProcessorCount, Is.GreaterThan(1), "one processor serves all");
        await using var services = new SomeServices(new ChatServerOptions());
        var connections = Enumerable.Range(0, 10 * FollowerGroup.Capacity).Select(
            _ => new TakingConnection { KeepsNothing = true }).ToList();
        var rounds = 0;

        await new TestLoop().RunAsync(loop =>
        {
            Join(services, connections, loop).TryAppend(Some.Said("hello"));
            rounds = loop.Deferred;
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(rounds, Is.EqualTo(Room.GroupsServedHere));
    }

    [Test]
    public async Task A_connection_that_breaks_in_a_round_does_not_keep_the_others_from_it(
        CancellationToken cancellationToken)
    {
        await using var services = new SomeServices(new ChatServerOptions());
        var connections = Enumerable.Range(0, 3).Select(_ => new TakingConnection()).ToList();

        await new TestLoop().RunAsync(loop =>
        {
            var room = Join(services, connections, loop);
            connections.ForEach(connection => connection.Sent.Clear());
            connections[1].OnSend = () => throw new IOException("gone");
            room.TryAppend(Some.Said("hello"));
            loop.RunDeferred();
            room.TryAppend(Some.Said("again"));
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(
            connections.Select(connection => string.Concat(connection.Sent)),
            Is.EqualTo(new[] { "<ann> hello\r\n<ann> again\r\n", "", "<ann> hello\r\n<ann> again\r\n" }));
    }

    private static async Task<long> AllocatedAsync(int members, CancellationToken cancellationToken)
    {
        await using var services = new SomeServices(new ChatServerOptions());
        var connections = Enumerable.Range(0, members).Select(
            _ => new TakingConnection { KeepsNothing = true }).ToList();
        var said = Some.Said(new string('x', 64));
        long allocated = 0;
        await new TestLoop().RunAsync(loop =>
        {
            var room = Join(services, connections, loop);
            for (var line = 0; line < 2 * Lines; line++)
            {
                if (line == Lines)
                    allocated = GC.GetAllocatedBytesForCurrentThread();
                room.TryAppend(said);
                loop.RunDeferred();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }).WaitAsync(cancellationToken);
        return allocated;
    }

    private static Room Join(SomeServices services, IEnumerable<TakingConnection> connections, TestLoop loop)
    {
        var room = connections.Select(connection => Member(services, connection)).ToList()[0].Room;
        loop.RunDeferred();
        return room;
    }

    private static Member Member(SomeServices services, TakingConnection connection)
    {
        var memberships = new Memberships();
        var pump = new OutboundPump(connection, memberships, services.Value.Outbound, new Nobody());
        pump.Start();
        var member = services.Value.Rooms.PrepareJoin("lobby", new("", "bob"), pump);
        memberships.Add(member);
        Assert.That(services.Value.Rooms.TryEnter(member, new Events.Joined("lobby", member.Sender)), Is.True);
        return member;
    }

    /// <summary>Takes all bytes at once.</summary>
    private sealed class TakingConnection : IClientConnection
    {
        public string Id => "taking";

        public EndPoint? RemoteEndPoint => null;

        public bool KeepsNothing { get; init; }

        public List<string> Sent { get; } = [];

        public Action? OnSend { get; set; }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            OnSend?.Invoke();
            if (!KeepsNothing)
                Sent.Add(Encoding.UTF8.GetString(bytes.Span));
            return new ValueTask<int>(bytes.Length);
        }

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Nobody : IPumpOwner
    {
        private static readonly TextProtocol _text = new("lobby");

        public IEventEncoder Encoder => _text;

        public void TooSlow(Member member) => Assert.Fail("too slow");

        public void Stuck() => Assert.Fail("stuck");

        public void Failed(Exception exception)
        {
        }
    }
}
