namespace Chat.Engine.Sessions;

/// <summary>The protocol and the layers of a listener's connections.</summary>
internal sealed record ListenerSettings(IChatProtocol Protocol, IReadOnlyList<IConnectionLayer> Layers);
