namespace Chat.Engine.Isolation.Profiling;

/// <summary>What there was when a call began that is weighed.</summary>
/// <param name="Bytes">What its thread had allocated by then.</param>
/// <param name="Threads">How many threads there were.</param>
/// <param name="Number">The how manieth weighed call it is.</param>
/// <param name="IsAlone">Whether no other weighed call was under way.</param>
internal readonly record struct WeighedCall(long Bytes, int Threads, long Number, bool IsAlone);
