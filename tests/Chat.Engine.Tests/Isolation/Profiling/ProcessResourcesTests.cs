using Chat.Engine.Isolation.Profiling;

namespace Chat.Engine.Tests.Isolation.Profiling;

[NonParallelizable]
public sealed class ProcessResourcesTests
{
    private readonly ProcessResources _process = new();

    [Test]
    public void What_this_thread_allocates_is_counted()
    {
        var before = _process.AllocatedHere;

        var allocated = new byte[100_000];

        Assert.That(_process.AllocatedHere - before, Is.InRange(allocated.Length, allocated.Length + 10_000));
    }

    [Test]
    public void Threads_besides_the_pools_are_counted()
    {
        using var end = new ManualResetEventSlim();
        var before = _process.Threads;
        var threads = Enumerable.Range(0, 50).Select(_ => new Thread(end.Wait)).ToList();
        threads.ForEach(thread => thread.Start());

        var during = _process.Threads;
        end.Set();
        threads.ForEach(thread => thread.Join());

        Assert.That(during - before, Is.InRange(40, 60));
    }

    [Test]
    public void What_is_in_use_is_in_the_heap()
    {
        var before = _process.CollectedHeapBytes();
        var kept = new byte[50_000_000];

        var after = _process.CollectedHeapBytes();

        Assert.That(after - before, Is.GreaterThan(40_000_000));
        GC.KeepAlive(kept);
    }
}
