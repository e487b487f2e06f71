using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>What the calls of one hook, guard, observer, command or timer have used since profiling began.</summary>
/// <param name="Target">What was called.</param>
/// <param name="Calls">How often.</param>
/// <param name="Bytes">What the calls allocated, garbage included, until they returned or were awaited.</param>
/// <param name="Threads">How many more threads the process had after the calls than before.</param>
internal readonly record struct CallProfile(CallTarget Target, long Calls, long Bytes, long Threads)
{
    /// <summary>The threads of an average call.</summary>
    public double ThreadsPerCall => (double)Threads / Calls;
}
