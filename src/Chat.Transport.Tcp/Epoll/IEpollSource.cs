namespace Chat.Transport.Tcp.Epoll;

/// <summary>What a loop watches.</summary>
internal interface IEpollSource
{
    /// <summary>Something has happened, on the loop's thread, or on the pool when that thread has been replaced: two at once, seldom, in either order.</summary>
    /// <param name="events">The flags of epoll(7).</param>
    void OnEvents(uint events);
}
