namespace Chat.Engine.Isolation.Profiling;

/// <summary>When the process uses so much that calls into plugins are profiled.</summary>
/// <param name="Memory">The managed heap in bytes; 0 for never.</param>
/// <param name="Threads">The number of threads besides those of the pool; 0 for never.</param>
internal sealed record ResourceLimits(long Memory, int Threads);
