namespace Chat.Engine.Sessions;

/// <summary>A listener with the protocol and the layers of its connections.</summary>
internal sealed record ListenerSettings(
    IConnectionListener Transport, IChatProtocol Protocol, IReadOnlyList<IConnectionLayer> Layers);
