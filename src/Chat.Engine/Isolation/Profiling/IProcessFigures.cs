namespace Chat.Engine.Isolation.Profiling;

/// <summary>What is known of the memory and the threads of this process. Safe from any thread.</summary>
internal interface IProcessFigures
{
    /// <summary>The managed heap in bytes, as of the last collection. Cheap.</summary>
    long HeapBytes { get; }

    /// <summary>How many threads there are besides those of the pool.</summary>
    int Threads { get; }

    /// <summary>How many bytes the calling thread has allocated since it began; 0 where the runtime does not tell.</summary>
    long AllocatedHere { get; }

    /// <summary>Collects all that is garbage, and measures the rest in bytes. Holds up everything for as long as that takes.</summary>
    long CollectedHeapBytes();
}
