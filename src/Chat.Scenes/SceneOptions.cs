namespace Chat.Scenes;

/// <summary>What a scene is played against, and how long to wait.</summary>
public sealed class SceneOptions
{
    /// <summary>The folder of plugins and scripts, like the drop folder of a server. Nothing is ever written to
    /// it.</summary>
    /// <value>Default <see langword="null"/>: the folder of the scene.</value>
    public string? Plugins { get; set; }

    /// <summary>A folder of further plugins, such as those that come with the server. A plugin of the same name in
    /// <see cref="Plugins"/> takes precedence.</summary>
    /// <value>Default <see langword="null"/>: none.</value>
    public string? BundledPlugins { get; set; }

    /// <summary>Creates the options of the server for one play. The scene sets its clock, log, listeners and greeting
    /// delay.</summary>
    /// <value>Default <see langword="null"/>: the defaults.</value>
    public Func<ChatServerOptions>? Server { get; set; }

    /// <summary>Connects a client to a server that is already running, over any transport. The scene is then played
    /// against that server: the options above have no effect, and a scene that moves the clock, changes files or has
    /// settings at the top cannot be played.</summary>
    /// <value>Default <see langword="null"/>: the scene has a server of its own.</value>
    public Func<CancellationToken, ValueTask<IClientSide>>? Connect { get; set; }

    /// <summary>How long, in real time, to wait for a line that somebody is expected to see.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long, in real time, nothing may arrive where somebody is expected to see nothing, after everything
    /// known to be on its way has arrived.</summary>
    /// <value>Default 50 ms.</value>
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMilliseconds(50);
}
