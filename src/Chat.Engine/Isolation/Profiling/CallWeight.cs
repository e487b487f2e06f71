namespace Chat.Engine.Isolation.Profiling;

/// <summary>What the calls of one hook, guard, observer, command or timer have taken while they were weighed.</summary>
/// <param name="Target">Who was called.</param>
/// <param name="Calls">How often.</param>
/// <param name="Bytes">What was allocated, garbage included, until the call returned: what goes on after an <c>await</c> is not in it.</param>
/// <param name="Threads">How many threads more there were after the calls than before.</param>
internal readonly record struct CallWeight(CallTarget Target, long Calls, long Bytes, long Threads);
