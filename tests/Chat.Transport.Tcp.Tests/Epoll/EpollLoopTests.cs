using System.Net;
using System.Net.Sockets;
using Chat.Engine.Scheduling;
using Chat.Transport.Tcp.Epoll;

namespace Chat.Transport.Tcp.Tests.Epoll;

[Platform("Linux")]
[CancelAfter(15000)]
public sealed class EpollLoopTests : IDisposable
{
    private readonly EpollLoop _loop = EpollLoop.StartNew();
    private readonly List<Socket> _sockets = [];
    private readonly List<ulong> _numbers = [];

    // Not disposed: the loop's thread may still tell.
    private readonly SemaphoreSlim _told = new(0);

    public void Dispose()
    {
        _numbers.ForEach(_loop.Remove);
        _sockets.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task What_comes_in_is_told_once(CancellationToken cancellationToken)
    {
        var watched = Watch();

        watched.Send();
        await TurnAsync(cancellationToken);
        await TurnAsync(cancellationToken);

        Assert.That(watched.Told, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_removed_is_told_nothing_more(CancellationToken cancellationToken)
    {
        var watched = Watch();

        _loop.Remove(watched.Number);
        _loop.Remove(watched.Number);
        watched.Send();
        await TurnAsync(cancellationToken);

        Assert.That(watched.Told, Is.Zero);
    }

    [Test]
    public async Task To_remove_a_number_that_is_out_of_use_does_not_touch_the_next_one_in_its_place(
        CancellationToken cancellationToken)
    {
        var first = Watch();
        _loop.Remove(first.Number);
        var second = Watch();

        _loop.Remove(first.Number);
        second.Send();
        await TurnAsync(cancellationToken);

        Assert.That((uint)second.Number, Is.EqualTo((uint)first.Number), "the place is used again");
        Assert.That(second.Told, Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_on_its_way_to_one_that_is_removed_does_not_reach_the_next_one_in_its_place(
        CancellationToken cancellationToken)
    {
        using var gate = new ManualResetEventSlim();
        var holding = Watch(() => Hold(gate, cancellationToken));
        Watched? gone = null, next = null;
        var replacing = Watch(() =>
        {
            _loop.Remove(gone!.Number);
            next = Watch();
        });
        gone = Watch();
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = Watch(() => replaced.TrySetResult());

        // All are told in one batch, in this order. Nobody else is watched meanwhile, or they would get the place.
        holding.Send();
        await _told.WaitAsync(cancellationToken);
        replacing.Send();
        gone.Send();
        last.Send();
        gate.Set();
        await replaced.Task.WaitAsync(cancellationToken);
        await TurnAsync(cancellationToken);

        Assert.That((uint)next!.Number, Is.EqualTo((uint)gone.Number), "the place is used again");
        Assert.That((gone.Told, next.Told), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task More_than_there_was_place_for_at_first_are_watched(CancellationToken cancellationToken)
    {
        var all = Enumerable.Range(0, 300).Select(_ => Watch()).ToList();

        all.ForEach(watched => watched.Send());
        for (var told = 0; told < all.Count; told++)
            await _told.WaitAsync(cancellationToken);

        Assert.That(all.Select(watched => watched.Told), Has.All.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_watched_is_an_error_and_takes_no_place()
    {
        var before = Watch();
        _loop.Remove(before.Number);

        Assert.That(() => _loop.Add(before, -1), Throws.InstanceOf<IOException>());
        Assert.That((uint)Watch().Number, Is.EqualTo((uint)before.Number));
    }

    [Test]
    public async Task Without_a_thread_that_is_held_up_it_goes_on_in_the_middle_of_the_batch(
        CancellationToken cancellationToken)
    {
        using var batch = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var heldUp = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hasComeBack = false;
        var collecting = Watch(() => Hold(batch, cancellationToken));
        var holding = Watch(() =>
        {
            heldUp.TrySetResult(Thread.CurrentThread);
            Hold(gate, cancellationToken);
            hasComeBack = true;
        });
        var rest = Enumerable.Range(0, 5).Select(_ => Watch()).ToList();
        collecting.Send();
        await _told.WaitAsync(cancellationToken);
        holding.Send();
        rest.ForEach(watched => watched.Send());
        batch.Set();

        _loop.GoOnWithout(await heldUp.Task.WaitAsync(cancellationToken));
        await TurnAsync(cancellationToken);
        var told = rest.Select(watched => watched.Told).ToList();
        gate.Set();
        (await heldUp.Task).Join();

        Assert.That(told, Has.All.EqualTo(1));
        Assert.That(hasComeBack, Is.True);
    }

    [Test]
    public async Task A_thread_that_has_been_replaced_has_nothing_deferred_any_more(CancellationToken cancellationToken)
    {
        using var gate = new ManualResetEventSlim();
        var heldUp = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var item = new CountedItem();
        var before = false;
        var after = true;
        var holding = Watch(() =>
        {
            before = _loop.TryDefer(item);
            heldUp.TrySetResult(Thread.CurrentThread);
            Hold(gate, cancellationToken);
            after = _loop.TryDefer(item);
        });
        holding.Send();
        var thread = await heldUp.Task.WaitAsync(cancellationToken);

        _loop.GoOnWithout(thread);
        _loop.GoOnWithout(thread);
        gate.Set();
        thread.Join();
        await TurnAsync(cancellationToken);
        await TurnAsync(cancellationToken);

        Assert.That((before, after, item.Runs), Is.EqualTo((true, false, 1)));
    }

    /// <summary>The plugin may return at the very moment its thread is replaced.</summary>
    [Test]
    public async Task A_thread_that_is_replaced_while_it_is_at_work_loses_nothing(CancellationToken cancellationToken)
    {
        const int Rounds = 300;
        Thread? leader = null;
        var all = Enumerable.Range(0, 8).Select(
            _ => Watch(() => Volatile.Write(ref leader, Thread.CurrentThread))).ToList();

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var watched in all)
            {
                watched.Send();
                if (Volatile.Read(ref leader) is { } thread)
                    _loop.GoOnWithout(thread);
            }

            for (var told = 0; told < all.Count; told++)
                await _told.WaitAsync(cancellationToken);
        }

        Assert.That(all.Select(watched => watched.Told), Has.All.EqualTo(Rounds));
    }

    /// <summary>Waits until the loop has handled all that was there when this was called.</summary>
    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Watch(() => turn.TrySetResult()).Send();
        await turn.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits like a plugin that blocks; an exception here would end the process.</summary>
    private static void Hold(ManualResetEventSlim gate, CancellationToken cancellationToken) =>
        WaitHandle.WaitAny([gate.WaitHandle, cancellationToken.WaitHandle]);

    private Watched Watch(Action? then = null)
    {
        using var listening = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listening.Listen();
        var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        peer.Connect(listening.LocalEndPoint!);
        var socket = listening.Accept();
        _sockets.AddRange([peer, socket]);
        var watched = new Watched(peer, _told, then);
        watched.Number = _loop.Add(watched, (int)socket.Handle);
        _numbers.Add(watched.Number);
        return watched;
    }

    private sealed class CountedItem : WorkItem
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public override void Execute() => Interlocked.Increment(ref _runs);
    }

    private sealed class Watched(Socket peer, SemaphoreSlim tells, Action? then) : IEpollSource
    {
        private int _told;

        public ulong Number { get; set; }

        public int Told => Volatile.Read(ref _told);

        public void Send() => peer.Send([1]);

        public void OnEvents(uint events)
        {
            Interlocked.Increment(ref _told);
            tells.Release();
            then?.Invoke();
        }
    }
}
