using System.Net;
using System.Text;
using System.Threading.Channels;
using Chat.Connections;
using Chat.Engine.Sessions;
using Chat.Engine.Tests.Scheduling;
using Chat.Testing;

namespace Chat.Engine.Tests.Sessions;

/// <summary>Whoever speaks is served first, and gets no further than one round ahead of the others.</summary>
[CancelAfter(20000)]
public sealed class SpeakerTests
{
    [Test]
    public async Task Whoever_speaks_sees_their_line_before_the_others(CancellationToken cancellationToken)
    {
        var sent = new List<string>();
        var listener = new Listener();
        await using var server = ChatServer.Create(options => options.Listeners.Add(listener));
        await server.StartAsync(cancellationToken);
        var people = new List<Person>();
        foreach (var name in new[] { "ann", "bob", "cid" })
        {
            var person = new Person(name, sent);
            listener.Let(person);
            await person.Typed("\n");
            await person.SeesAsync("joined lobby", cancellationToken);
            people.Add(person);
        }

        await new TestLoop().RunAsync(loop =>
        {
            sent.Clear();
            people[2].Type("hello\n");
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(sent, Is.EqualTo(new[] { "cid", "ann", "bob" }));
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
            new Session(ann, services.Value, _ => { }).Start();
            var bob = new Session(new Person("bob", sent), services.Value, _ => { });
            bob.Start();
            loop.RunDeferred();
            ann.OnSend = () =>
            {
                bob.GoFirst();
                deferred = loop.Deferred;
            };
            services.Value.Rooms.Find("lobby")!.Append(Some.Said("hello"));
            loop.RunDeferred();
        }).WaitAsync(cancellationToken);

        Assert.That(deferred, Is.Zero);
    }

    private sealed class Listener : IConnectionListener
    {
        private readonly Channel<IClientConnection?> _coming = Channel.CreateBounded<IClientConnection?>(8);

        public EndPoint EndPoint => new IPEndPoint(IPAddress.Loopback, 1);

        public void Let(IClientConnection connection) => _coming.Writer.TryWrite(connection);

        public ValueTask BindAsync(CancellationToken cancellationToken) => default;

        public ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken) => _coming.Reader.ReadAsync(cancellationToken);

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>Takes all at once and notes in which order; what is typed is handled where it is typed.</summary>
    private sealed class Person(string name, List<string> sent) : IClientConnection
    {
        private readonly Channel<string> _seen = Channel.CreateBounded<string>(64);
        private readonly TaskCompletionSource<bool> _isReading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource<int> _receiving = new();
        private Memory<byte> _buffer;

        public string Id => name;

        public EndPoint? RemoteEndPoint => null;

        public Action? OnSend { get; set; }

        public async Task Typed(string text)
        {
            await _isReading.Task;
            Type(text);
        }

        public void Type(string text)
        {
            var receiving = _receiving;
            _receiving = new TaskCompletionSource<int>();
            receiving.SetResult(Encoding.UTF8.GetBytes(text, _buffer.Span));
        }

        public async Task SeesAsync(string text, CancellationToken cancellationToken)
        {
            while (!(await _seen.Reader.ReadAsync(cancellationToken)).Contains(text, StringComparison.Ordinal))
            {
            }
        }

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            _buffer = buffer;
            _isReading.TrySetResult(true);
            return await _receiving.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            lock (sent)
                sent.Add(name);
            OnSend?.Invoke();
            _seen.Writer.TryWrite(Encoding.UTF8.GetString(bytes.Span));
            return new ValueTask<int>(bytes.Length);
        }

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
