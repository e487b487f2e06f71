namespace Chat.Server.Configuration;

/// <summary>All settings by their names in the configuration. docs/reference/configuration.md explains them.</summary>
internal sealed class ServerSettings
{
    /// <summary>The folder for everything the server keeps.</summary>
    public string Data { get; set; } = "chat-data";

    public ListenSettings Listen { get; } = new();
    public TcpSettings Tcp { get; } = new();
    public PluginsSettings Plugins { get; } = new();
    public ChatServerOptions Chat { get; } = new();
    public Dictionary<string, HookOverride> Hooks { get; } = new(StringComparer.OrdinalIgnoreCase);
    public LoggingSettings Logging { get; } = new();
}

/// <summary>Where to listen.</summary>
internal sealed class ListenSettings
{
    /// <summary>The addresses, each as <c>HOST:PORT</c>.</summary>
    public List<string> Tcp { get; } = [];
}

/// <summary>How TCP sockets behave.</summary>
internal sealed class TcpSettings
{
    public int SendBufferBytes { get; set; } = 64 * 1024;
    public int Backlog { get; set; } = 512;
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);
    public TimeSpan UserTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where plugins come from and how they are loaded.</summary>
internal sealed class PluginsSettings
{
    /// <summary>The drop folder; <c>DATA/plugins</c> if empty.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Whether the plugins beside the executable are loaded.</summary>
    public bool Bundled { get; set; } = true;

    /// <summary>The ids of plugins without which nobody may speak.</summary>
    public List<string> Required { get; } = [];

    public bool GuardsAreRequired { get; set; } = true;
    public bool AllowOutsideLinks { get; set; }
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(5);
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(1);
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public PluginHostOptions ToOptions(string data) => new()
    {
        Folder = Path.GetFullPath(Folder.Length > 0 ? Folder : Path.Combine(data, "plugins")),
        BundledFolder = Bundled ? Path.Combine(AppContext.BaseDirectory, "plugins") : null,
        ShadowFolder = Path.GetFullPath(Path.Combine(data, "shadow")),
        StoreFolder = Path.GetFullPath(Path.Combine(data, "store")),
        CacheFolder = Path.GetFullPath(Path.Combine(data, "cache", "scripts")),
        Required = Required,
        GuardsAreRequired = GuardsAreRequired,
        AllowOutsideLinks = AllowOutsideLinks,
        QuietTime = QuietTime,
        PollInterval = PollInterval,
        StartTimeout = StartTimeout,
        HandOverTimeout = HandOverTimeout,
        DrainTimeout = DrainTimeout,
    };
}

/// <summary>What is logged.</summary>
internal sealed class LoggingSettings
{
    /// <summary>The lowest level to log, by category: <c>Default</c>, <c>Plugin.Emoji</c> …</summary>
    public Dictionary<string, LogLevel> LogLevel { get; } = new(StringComparer.OrdinalIgnoreCase);
}
