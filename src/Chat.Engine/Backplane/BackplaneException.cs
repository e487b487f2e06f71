namespace Chat.Engine.Backplane;

/// <summary>The backplane failed to publish an event. It has been logged.</summary>
internal sealed class BackplaneException(Exception cause) : Exception($"The backplane failed: {cause.Message}", cause);
