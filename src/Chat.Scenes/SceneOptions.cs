using Chat.Engine;

namespace Chat.Scenes;

/// <summary>What a scene is played against, and how long is waited.</summary>
public sealed class SceneOptions
{
    /// <summary>The folder of plugins and scripts, as a server's drop folder is. Nothing is ever written to it.</summary>
    /// <value>Default <see langword="null"/>: the folder the scene lies in.</value>
    public string? Plugins { get; set; }

    /// <summary>A folder of further plugins, such as those that come with the server; one of the same name in <see cref="Plugins"/> goes before it.</summary>
    /// <value>Default <see langword="null"/>: none.</value>
    public string? BundledPlugins { get; set; }

    /// <summary>Makes the options of the server for one play. Its clock, log, listeners and greeting delay are the scene's own affair.</summary>
    /// <value>Default <see langword="null"/>: the defaults.</value>
    public Func<ChatServerOptions>? Server { get; set; }

    /// <summary>
    /// Connects somebody to a server that runs already, over any transport. That server is then what the scene is played against: the
    /// other options of the server have no effect, and a scene that moves the clock, changes files or has a head cannot be played.
    /// </summary>
    /// <value>Default <see langword="null"/>: the scene has a server of its own.</value>
    public Func<CancellationToken, ValueTask<IClientSide>>? Connect { get; set; }

    /// <summary>How long, by the real clock, to wait for a line that somebody is to see.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long, by the real clock, nothing must come where somebody is to see nothing, once all that is known to be under way has come.</summary>
    /// <value>Default 50 ms.</value>
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMilliseconds(50);
}
