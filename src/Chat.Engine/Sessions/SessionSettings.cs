namespace Chat.Engine.Sessions;

/// <summary>The settings that apply to every session.</summary>
/// <param name="ServerName">The name in the greeting.</param>
/// <param name="DefaultRoom">The room everyone starts in.</param>
/// <param name="MaxLineBytes">The longest line a client may send, in bytes without its terminator.</param>
/// <param name="MaxMessageBytes">The longest message, in bytes of UTF-8.</param>
/// <param name="MaxRooms">The maximum number of rooms one client may be in at once.</param>
/// <param name="GreetingDelay">How long to wait for a first line before greeting.</param>
/// <param name="HandshakeTimeout">How long the handshakes of a connection's layers may take.</param>
/// <param name="FlushTimeout">How long a closed client may take to read its pending output.</param>
internal sealed record SessionSettings(
    string ServerName, string DefaultRoom, int MaxLineBytes, int MaxMessageBytes, int MaxRooms, TimeSpan GreetingDelay,
    TimeSpan HandshakeTimeout, TimeSpan FlushTimeout);
