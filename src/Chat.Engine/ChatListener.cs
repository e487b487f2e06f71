using System.Collections.ObjectModel;

namespace Chat.Engine;

/// <summary>Where clients connect to, and how they speak there.</summary>
/// <param name="transport">The transport's listener, owned and disposed by the server.</param>
public sealed class ChatListener(IConnectionListener transport)
{
    /// <summary>The transport's listener.</summary>
    public IConnectionListener Transport { get; } = transport ?? throw new ArgumentNullException(nameof(transport));

    /// <summary>The protocol of the connections.</summary>
    /// <value>Default <see langword="null"/>: <see cref="Protocols.TextProtocol"/>.</value>
    public IChatProtocol? Protocol { get; set; }

    /// <summary>The layers between the transport and the protocol, the lowest first.</summary>
    /// <value>Default empty.</value>
    public IList<IConnectionLayer> Layers { get; } = [];
}

/// <summary>The listeners of a server.</summary>
public sealed class ChatListenerCollection : Collection<ChatListener>
{
    /// <summary>Adds a listener whose clients speak the text protocol, without layers.</summary>
    /// <param name="transport">The transport's listener, owned and disposed by the server.</param>
    public void Add(IConnectionListener transport) => Add(new ChatListener(transport));
}
