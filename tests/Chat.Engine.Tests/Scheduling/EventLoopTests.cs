using Chat.Engine.Scheduling;

namespace Chat.Engine.Tests.Scheduling;

[CancelAfter(10000)]
public sealed class EventLoopTests
{
    [Test]
    public async Task What_is_queued_on_a_loop_is_done_by_it_behind_what_it_does_now(CancellationToken cancellationToken)
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
    public async Task A_thread_that_has_been_replaced_leaves_what_it_queues_to_the_pool(CancellationToken cancellationToken)
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

    [Test]
    public async Task The_loops_thread_has_nothing_of_whoever_starts_it(CancellationToken cancellationToken)
    {
        var local = new AsyncLocal<string?> { Value = "the starter's" };
        var found = "";

        await new TestLoop().RunAsync(_ => found = local.Value).WaitAsync(cancellationToken);

        Assert.That(found, Is.Null);
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
