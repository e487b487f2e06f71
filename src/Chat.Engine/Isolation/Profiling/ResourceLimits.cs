namespace Chat.Engine.Isolation.Profiling;

/// <summary>The resource usage of the process above which calls into plugins are profiled.</summary>
/// <param name="Memory">The size of the managed heap in bytes; 0 for no limit.</param>
/// <param name="Threads">The number of threads outside the thread pool; 0 for no limit.</param>
internal sealed record ResourceLimits(long Memory, int Threads);
