namespace Chat.Transport.Tcp.Epoll;

/// <summary>The loops of the process: one for each processor it may use, whatever the number of listeners, as threads are for processors.</summary>
internal static class EpollLoops
{
    private static readonly Lazy<EpollLoop[]> _all = new(
        () => [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => EpollLoop.StartNew())]);

    /// <summary>Whether there can be any here.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>The one that accepts.</summary>
    public static EpollLoop First => _all.Value[0];

    /// <summary>The one for a connection, all in turn.</summary>
    public static EpollLoop Next(long number) => _all.Value[number % _all.Value.Length];
}
