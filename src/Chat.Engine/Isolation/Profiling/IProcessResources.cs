namespace Chat.Engine.Isolation.Profiling;

/// <summary>The memory and the threads of this process. Safe from any thread.</summary>
internal interface IProcessResources
{
    /// <summary>The size of the managed heap in bytes, including garbage that has not been collected yet.</summary>
    long AllocatedBytes { get; }

    /// <summary>The number of threads outside the thread pool.</summary>
    int Threads { get; }

    /// <summary>The bytes that the calling thread has allocated since it started; 0 if the runtime does not report
    /// it.</summary>
    long AllocatedHere { get; }

    /// <summary>Collects all garbage and returns the heap size in bytes. Suspends the process for the
    /// duration.</summary>
    long CollectedHeapBytes();
}
