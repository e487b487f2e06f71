namespace Chat.Engine.Isolation.Profiling;

/// <summary>The memory and the threads of this process. Safe from any thread.</summary>
internal interface IProcessResources
{
    /// <summary>The managed heap in bytes as of now, with garbage that has not been collected yet.</summary>
    long AllocatedBytes { get; }

    /// <summary>How many threads there are besides those of the pool.</summary>
    int Threads { get; }

    /// <summary>How many bytes the calling thread has allocated since it began; 0 where the runtime does not tell.</summary>
    long AllocatedHere { get; }

    /// <summary>Collects all garbage and returns the size of the heap in bytes. Suspends the process for as long as that takes.</summary>
    long CollectedHeapBytes();
}
