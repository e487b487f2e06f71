namespace Chat.Transport.Tcp.Epoll;

/// <summary>Something that a loop watches.</summary>
internal interface IEpollSource
{
    /// <summary>Something has happened. Called on the loop's thread, or on the pool if that thread has been replaced;
    /// then, rarely, two calls may overlap in either order.</summary>
    /// <param name="events">The flags of epoll(7).</param>
    void OnEvents(uint events);
}
