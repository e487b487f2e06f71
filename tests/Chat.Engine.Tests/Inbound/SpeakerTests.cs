using System.Net;
using System.Text;
using Chat.Connections;
using Chat.Engine.Inbound;
using Chat.Engine.Tests.Scheduling;
using Chat.Testing;

namespace Chat.Engine.Tests.Inbound;

/// <summary>Whoever speaks is served first, and gets no further than one round ahead of the others.</summary>
[CancelAfter(20000)]
public sealed class SpeakerTests
{
    [Test]
    public async Task Whoever_speaks_sees_their_line_before_the_others(CancellationToken cancellationToken)
    {
        await using var services = new SomeServices();
        var sent = new List<string>();
        var people = Array.ConvertAll(["ann", "bob", "cid"], name => new Person(name, sent));

        await new TestLoop().RunAsync(loop =>
        {
            foreach (var person in people)
                ReadLoop.Start(services.NewSession(person), services.Inbound);
            loop.RunDeferred();
            sent.Clear();
            people[2].Type("hello\n");
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(
            sent,
            Is.EqualTo(new[] { "cid: <guest3> hello\r\n", "ann: <guest3> hello\r\n", "bob: <guest3> hello\r\n" }));
    }

    [Test]
    public async Task Nobody_runs_ahead_while_a_round_is_under_way(CancellationToken cancellationToken)
    {
        await using var services = new SomeServices();
        var sent = new List<string>();
        var ann = new Person("ann", sent);
        var deferred = -1;

        await new TestLoop().RunAsync(loop =>
        {
            ReadLoop.Start(services.NewSession(ann), services.Inbound);
            var bobsConnection = new Person("bob", sent);
            var bob = services.NewSession(bobsConnection);
            ReadLoop.Start(bob, services.Inbound);
            loop.RunDeferred();
            ann.OnSend = () =>
            {
                bob.PrioritizeSender();
                deferred = loop.Deferred;
            };
            services.Value.Rooms.Find("lobby")!.TryAppend(Some.Said("hello"));
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(deferred, Is.Zero);
    }

    /// <summary>Takes all at once; what is typed is handled where it is typed.</summary>
    private sealed class Person(string name, List<string> sent) : IClientConnection
    {
        private TaskCompletionSource<int> _typed = new();
        private Memory<byte> _buffer;

        public string Id => name;

        public EndPoint? RemoteEndPoint => null;

        public Action? OnSend { get; set; }

        public void Type(string text)
        {
            var typed = _typed;
            _typed = new TaskCompletionSource<int>();
            typed.SetResult(Encoding.UTF8.GetBytes(text, _buffer.Span));
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            _buffer = buffer;
            return new ValueTask<int>(_typed.Task);
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            sent.Add($"{name}: {Encoding.UTF8.GetString(bytes.Span)}");
            OnSend?.Invoke();
            return new ValueTask<int>(bytes.Length);
        }

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
