namespace Chat.Protocols;

/// <summary>How clients of a listener speak: it opens one <see cref="IProtocolSession"/> per connection. Safe from any
/// thread.</summary>
public interface IChatProtocol
{
    /// <summary>A short name, for logs.</summary>
    string Name { get; }

    /// <summary>Whether a person types at a terminal that may send its editing keys: backspace and DEL erase a
    /// character, ^W a word and ^U the line, and ^D ends the input. Otherwise these bytes belong to the line.</summary>
    bool HasEditingKeys { get; }

    /// <summary>Whether a client is signed in as a guest without asking, with its first line or after the server's
    /// greeting delay. Otherwise <see cref="IProtocolClient.SignIn"/> signs it in.</summary>
    bool SignsInGuests { get; }

    /// <summary>Opens the protocol on a new connection.</summary>
    /// <param name="client">The client; valid as long as the session.</param>
    IProtocolSession Open(IProtocolClient client);
}
