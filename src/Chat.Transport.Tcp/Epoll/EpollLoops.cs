namespace Chat.Transport.Tcp.Epoll;

/// <summary>The loops of the process: one for each processor it may use, however many listeners there are.</summary>
internal static class EpollLoops
{
    private static readonly List<EpollLoop> _all = [];

    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>The loop that accepts. All loops are made when it is first asked for.</summary>
    /// <exception cref="IOException">The system is out of descriptors now; it may have some later.</exception>
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

    /// <summary>The loop for a connection; connections take turns.</summary>
    public static EpollLoop Next(long number) => All[(int)(number % Environment.ProcessorCount)];
}
