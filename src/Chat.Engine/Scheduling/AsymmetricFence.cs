namespace Chat.Engine.Scheduling;

/// <summary>Orders a write before a later read between two threads. The cost falls on the thread that needs the fence
/// rarely: the light side is free, and the heavy side interrupts every processor (membarrier(2),
/// FlushProcessWriteBuffers). .NET Standard 2.0 has no heavy side, so there both sides use a full fence.</summary>
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
