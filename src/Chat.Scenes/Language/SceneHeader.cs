namespace Chat.Scenes.Language;

/// <summary>What a scene says about the server it is played on.</summary>
internal sealed class SceneHeader
{
    /// <summary>Where it names plugins; 0 when it does not.</summary>
    public int PluginsLine { get; set; }

    /// <summary>The only plugins to load; <see langword="null"/> for all there are.</summary>
    public IReadOnlyList<string>? Plugins { get; set; }

    /// <summary>Settings in their order.</summary>
    public List<SceneSetting> Settings { get; } = [];

    /// <summary>What time it is when the scene begins; <see langword="null"/>: midnight, 1 January 2000.</summary>
    public DateTimeOffset? Clock { get; set; }

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Plugins is null && Settings.Count == 0 && Clock is null;
}
