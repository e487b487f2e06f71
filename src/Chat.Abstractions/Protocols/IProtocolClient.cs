using Chat.Events;

namespace Chat.Protocols;

/// <summary>The client at the other end of a connection, as its <see cref="IProtocolSession"/> sees it. Called only
/// while a line is being read.</summary>
public interface IProtocolClient
{
    /// <summary>The session's id, unique within the server.</summary>
    string SessionId { get; }

    /// <summary>Whether the client has been signed in: it has a nick, and others see it.</summary>
    bool IsSignedIn { get; }

    /// <summary>Answers the client once the line's commands have been carried out, also before it is signed
    /// in.</summary>
    /// <param name="chatEvent">The answer; may be of a type that only the protocol's own encoder knows.</param>
    void Reply(ChatEvent chatEvent);

    /// <summary>Signs the client in, before the next command is carried out. It is told <see cref="Welcomed"/>, or
    /// <see cref="Refused"/> if the nick cannot be had; then try another. Does nothing if it is signed in.</summary>
    /// <param name="nick">The nick; <see langword="null"/> for a guest's.</param>
    void SignIn(string? nick);
}
