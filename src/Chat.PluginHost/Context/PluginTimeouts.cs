namespace Chat.PluginHost.Context;

/// <summary>How long a version of a plugin may take over each step of its life.</summary>
/// <param name="Start">To start.</param>
/// <param name="HandOver">To save its state, to restore it and to take changed settings, each.</param>
/// <param name="Drain">To let messages out and to clean up, each.</param>
/// <param name="Clock">The clock.</param>
internal sealed record PluginTimeouts(TimeSpan Start, TimeSpan HandOver, TimeSpan Drain, TimeProvider Clock);
