namespace Chat.Engine.Isolation.Profiling;

/// <summary>The resources that one hook, guard, observer, command or timer has used since profiling began.</summary>
/// <param name="Target">The target of the calls.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Bytes">The bytes that the calls allocated, garbage included, until they returned or were
/// awaited.</param>
/// <param name="Threads">The number of threads that the process gained during the calls.</param>
internal readonly record struct CallProfile(CallTarget Target, long Calls, long Bytes, long Threads)
{
    /// <summary>The average number of threads started per call.</summary>
    public double ThreadsPerCall => (double)Threads / Calls;
}
