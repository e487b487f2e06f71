using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Chat.Connections;
using Chat.Engine;
using Chat.Hooks;

namespace Chat.Benchmarks.Micro;

/// <summary>
/// The whole way of a line, from its bytes to a room of ten, on the pool: all but what the system does. Nearly all of
/// it is what a line costs once, as ten members take it in one round for many lines.
/// </summary>
public class LineBenchmarks
{
    private const int Lines = 100 * Speaker.LinesAtOnce;

    private readonly Speaker _speaker = new();
    private ChatServer _server = null!;

    [Params(0, 5)]
    public int Hooks { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _server = ChatServer.Create(options =>
        {
            options.GreetingDelay = TimeSpan.Zero;
            options.Listeners.Add(new Arrivals([_speaker, .. Enumerable.Range(0, 9).Select(_ => new Speaker())]));
            for (var hook = 0; hook < Hooks; hook++)
                options.AddHook($"hook-{hook}", static _ => new ValueTask<HookResult>(HookResult.Pass));
        });
        await _server.StartAsync();
        await _speaker.SpeakAsync(1);
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _server.DisposeAsync();

    /// <summary>A line of 64 bytes is said, 64 in each piece that is received.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public Task Say() => _speaker.SpeakAsync(Lines);

    /// <summary>Everyone comes at once.</summary>
    private sealed class Arrivals(IEnumerable<IClientConnection> all) : IConnectionListener
    {
        private readonly Queue<IClientConnection> _coming = new(all);
        private readonly TaskCompletionSource<IClientConnection?> _noMore = new();

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public ValueTask ListenAsync(CancellationToken cancellationToken) => default;

        public ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            _coming.TryDequeue(out var next)
                ? new ValueTask<IClientConnection?>(next)
                : new ValueTask<IClientConnection?>(_noMore.Task);

        public ValueTask DisposeAsync()
        {
            _noMore.TrySetResult(null);
            return default;
        }
    }

    /// <summary>Says as many lines as it is asked for, and takes all there is to read.</summary>
    private sealed class Speaker : IClientConnection
    {
        public const int LinesAtOnce = 64;

        private static readonly byte[] _line = Encoding.ASCII.GetBytes(new string('x', 62) + "\r\n");

        private readonly SemaphoreSlim _wanted = new(0);
        private TaskCompletionSource<bool> _said = new();
        private int _asked, _left;
        private bool _isSaying;

        public string Id => "speaker";

        public EndPoint? RemoteEndPoint => null;

        /// <returns>Ends when all lines have been handled.</returns>
        public Task SpeakAsync(int lines)
        {
            _said = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked = lines;
            _wanted.Release();
            return _said.Task;
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            _left > 0 ? new ValueTask<int>(Fill(buffer)) : WaitAsync(buffer, cancellationToken);

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            new(bytes.Length);

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;

        private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_isSaying)
                _said.TrySetResult(true);
            _isSaying = false;
            await _wanted.WaitAsync(cancellationToken).ConfigureAwait(false);
            _isSaying = true;
            _left = _asked;
            return Fill(buffer);
        }

        private int Fill(Memory<byte> buffer)
        {
            var lines = Math.Min(_left, LinesAtOnce);
            _left -= lines;
            for (var line = 0; line < lines; line++)
                _line.CopyTo(buffer[(line * _line.Length)..]);
            return lines * _line.Length;
        }
    }
}
