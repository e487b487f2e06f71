namespace Chat.Transport.Tcp.Epoll;

/// <summary>What a loop watches.</summary>
internal interface IEpollSource
{
    /// <summary>Something has happened, on the loop's thread.</summary>
    /// <param name="events">The flags of epoll(7).</param>
    void OnEvents(uint events);
}
