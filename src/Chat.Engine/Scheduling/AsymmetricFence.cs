namespace Chat.Engine.Scheduling;

/// <summary>
/// Orders a write before a later read between two threads, at the cost of the one who seldom does it: the light side pays nothing, the
/// heavy side makes every processor take note (membarrier(2), FlushProcessWriteBuffers). .NET Standard 2.0 has no heavy side,
/// so there both pay for a full fence.
/// </summary>
internal static class AsymmetricFence
{
    public static void Light()
    {
#if !NET
        Interlocked.MemoryBarrier();
#endif
    }

    public static void Heavy()
    {
#if NET
        Interlocked.MemoryBarrierProcessWide();
#else
        Interlocked.MemoryBarrier();
#endif
    }
}
