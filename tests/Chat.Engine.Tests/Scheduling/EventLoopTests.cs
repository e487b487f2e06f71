using Chat.Engine.Diagnostics;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Tests.Scheduling;

[CancelAfter(10000)]
public sealed class EventLoopTests
{
    [Test]
    public async Task What_is_queued_on_a_loop_is_done_by_it_behind_what_it_does_now(
        CancellationToken cancellationToken)
    {
        var item = new Item();

        await new TestLoop().RunAsync(loop =>
        {
            item.Ask();
            Assert.That((item.Runs, loop.Deferred), Is.EqualTo((0, 1)));
            loop.RunDeferred();
            Assert.That((item.Runs, item.Thread), Is.EqualTo((1, Thread.CurrentThread)));
        }).WaitAsync(cancellationToken);
    }

    [Test]
    public async Task What_is_queued_elsewhere_is_done_by_the_pool(CancellationToken cancellationToken)
    {
        var item = new Item();

        item.Ask();

        Assert.That((await item.Done.WaitAsync(cancellationToken)).IsThreadPoolThread, Is.True);
    }

    [Test]
    public async Task A_thread_that_has_been_replaced_leaves_what_it_queues_to_the_pool(
        CancellationToken cancellationToken)
    {
        var item = new Item();
        var loop = new TestLoop();

        await loop.RunAsync(mine =>
        {
            mine.GoOnWithout(Thread.CurrentThread);
            item.Ask();
        }).WaitAsync(cancellationToken);

        Assert.That((await item.Done.WaitAsync(cancellationToken)).IsThreadPoolThread, Is.True);
        Assert.That(loop.Deferred, Is.Zero);
    }

    [Test]
    public async Task Only_the_thread_that_leads_is_replaced(CancellationToken cancellationToken)
    {
        var loop = new TestLoop();

        await loop.RunAsync(mine => mine.GoOnWithout(new Thread(() => { }))).WaitAsync(cancellationToken);

        Assert.That(loop.Threads, Is.EqualTo(1));
    }

    /// <summary>So it is when a plugin that has been given up calls the engine.</summary>
    [Test]
    public async Task What_is_queued_by_a_thread_that_is_interrupted_is_done_and_the_interrupt_stays(
        CancellationToken cancellationToken)
    {
        var item = new Item();
        using var ready = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var loop = new TestLoop();
        Exception? later = null;
        var running = loop.RunAsync(_ =>
        {
            ready.Set();
            held.Wait(cancellationToken);
            Thread.CurrentThread.Interrupt();
            item.Ask();
            later = Assert.Catch(() => Thread.CurrentThread.Join(1));
        });
        ready.Wait(cancellationToken);

        lock (loop.HeldLock)
        {
            held.Set();
            Task.WaitAny([item.Done, running], cancellationToken);
        }

        await running.WaitAsync(cancellationToken);
        Assert.That((await item.Done.WaitAsync(cancellationToken)).IsThreadPoolThread, Is.True);
        Assert.That(later, Is.InstanceOf<ThreadInterruptedException>());
    }

    [Test]
    public async Task When_there_is_no_other_thread_the_one_that_is_held_up_still_leads(
        CancellationToken cancellationToken)
    {
        bool[] isReplaced = [];

        var loop = new TestLoop();
        await loop.RunAsync(mine =>
        {
            mine.Failures = 1;
            isReplaced = [
                mine.GoOnWithout(Thread.CurrentThread),
                mine.TryDefer(new Item()),
                mine.GoOnWithout(Thread.CurrentThread),
                mine.TryDefer(new Item())];
        }).WaitAsync(cancellationToken);

        Assert.That(isReplaced, Is.EqualTo(new[] { false, true, true, false }));
    }

    [Test]
    public async Task An_exception_that_does_not_say_what_it_is_holds_up_no_loop(CancellationToken cancellationToken)
    {
        using var said = new ManualResetEventSlim();
        var loop = new TestLoop();

        await loop.RunAsync(mine =>
        {
            ExceptionText.MessageOf(new SilentException(said, cancellationToken));
            while (mine.Threads < 2)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Thread.Yield();
            }
        }).WaitAsync(cancellationToken);

        said.Set();
        Assert.That(loop.Threads, Is.EqualTo(2));
    }

    [Test]
    public async Task The_loops_thread_has_nothing_of_whoever_starts_it(CancellationToken cancellationToken)
    {
        var local = new AsyncLocal<string?> { Value = "the starter's" };
        var found = "";

        await new TestLoop().RunAsync(_ => found = local.Value).WaitAsync(cancellationToken);

        Assert.That(found, Is.Null);
    }

    private sealed class SilentException(ManualResetEventSlim said, CancellationToken cancellationToken) : Exception
    {
        public override string Message
        {
            get
            {
                said.Wait(cancellationToken);
                return "at last";
            }
        }
    }

    private sealed class Item : WorkItem
    {
        private readonly TaskCompletionSource<Thread> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Thread> Done => _done.Task;

        public int Runs { get; private set; }

        public Thread? Thread { get; private set; }

        public void Ask() => Queue();

        public override void Execute()
        {
            Runs++;
            Thread = Thread.CurrentThread;
            _done.TrySetResult(Thread);
        }
    }
}
