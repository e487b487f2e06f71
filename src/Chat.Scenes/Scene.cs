namespace Chat.Scenes;

/// <summary>A conversation as plain text: who types what and who sees what. It is played against a server with plugins
/// and scripts. docs/guides/testing.md describes the language.</summary>
/// <remarks>Immutable. May be played any number of times, also at the same time.</remarks>
public sealed class Scene
{
    /// <summary>The end of a scene's file name.</summary>
    public const string FileExtension = ".scene.txt";

    private readonly string _name;
    private readonly string? _folder;
    private readonly SceneText _text;

    private Scene(string name, string? folder, string text)
    {
        _name = name;
        _folder = folder;
        _text = new SceneParser(name).Parse(text);
    }

    /// <summary>Reads a scene from a file. If the text is invalid, the scene fails when it is played.</summary>
    /// <param name="file">The file, of any name.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scene Load(string file) => Load(file, Path.GetFileName(file));

    /// <summary>Creates a scene from a text. If the text is invalid, the scene fails when it is played.</summary>
    /// <param name="name">The name that failures mention.</param>
    /// <param name="text">The text.</param>
    public static Scene Parse(string name, string text) => new(name, null, text);

    /// <summary>Finds all scenes in a folder and its subfolders: the files that end with
    /// <see cref="FileExtension"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The scenes in the order of their names, which are their paths in the folder.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<Scene> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, $"*{FileExtension}", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .OrderBy(scene => scene.Name, StringComparer.Ordinal)
            .Select(scene => Load(scene.File, scene.Name))];

    /// <summary>Plays the scene from its first line to its last, on an in-memory server of its own.</summary>
    /// <param name="options">What to play it against; <see langword="null"/> for the plugins and scripts in the folder
    /// of the scene.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="SceneFailedException">The scene failed or cannot be played. The message says where and
    /// why.</exception>
    public async Task PlayAsync(SceneOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_text.Problems.Count > 0)
            throw new SceneFailedException(string.Join('\n', _text.Problems));
        try
        {
            await PlayOnAsync(options ?? new SceneOptions(), cancellationToken).ConfigureAwait(false);
        }
        catch (SceneProblemException exception)
        {
            throw new SceneFailedException(exception.Message);
        }
    }

    /// <summary>The name of the scene.</summary>
    public override string ToString() => _name;

    private static Scene Load(string file, string name) =>
        new(name, Path.GetDirectoryName(Path.GetFullPath(file)), File.ReadAllText(file));

    private async Task PlayOnAsync(SceneOptions options, CancellationToken cancellationToken)
    {
        var own = new StageOptions(_folder, options.Plugins, options.BundledPlugins, options.Server, options.Patience);
        IStage stage = options.Connect is { } connect
            ? new RemoteStage(_name, _text.Header, connect)
            : await OwnStage.BuildAsync(_name, _text, own, cancellationToken).ConfigureAwait(false);
        await using var stageEnd = stage.ConfigureAwait(false);
        var player = new ScenePlayer(_name, stage, options.Patience, options.QuietTime);
        await using var playerEnd = player.ConfigureAwait(false);
        await player.PlayAsync(_text.Steps, cancellationToken).ConfigureAwait(false);
    }
}
