namespace Chat.Scenes.Language;

/// <summary>The top of a scene: what it says about its server.</summary>
internal sealed class SceneHeader
{
    /// <summary>The line that names plugins; 0 if there is none.</summary>
    public int PluginsLine { get; set; }

    /// <summary>The only plugins to load; <see langword="null"/> for all.</summary>
    public IReadOnlyList<string>? Plugins { get; set; }

    public List<SceneSetting> Settings { get; } = [];

    /// <summary>The time at which the scene begins; <see langword="null"/> for midnight on 1 January 2000.</summary>
    public DateTimeOffset? Clock { get; set; }

    /// <summary>Whether the scene has no such lines.</summary>
    public bool IsEmpty => Plugins is null && Settings.Count == 0 && Clock is null;
}
