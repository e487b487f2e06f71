namespace Chat.Transport.Tcp.Epoll;

/// <summary>The loops of the process: one for each processor it may use, whatever the number of listeners, as threads are for processors.</summary>
internal static class EpollLoops
{
    private static readonly List<EpollLoop> _all = [];

    /// <summary>Whether there can be any here.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>The one that accepts.</summary>
    /// <exception cref="IOException">The system has no more of what a loop takes; another time it may have.</exception>
    public static EpollLoop First => All[0];

    private static List<EpollLoop> All
    {
        get
        {
            lock (_all)
            {
                while (_all.Count < Environment.ProcessorCount)
                    _all.Add(EpollLoop.StartNew());
                return _all;
            }
        }
    }

    /// <summary>The one for a connection, all in turn.</summary>
    public static EpollLoop Next(long number) => All[(int)(number % Environment.ProcessorCount)];
}
