using Chat.Scenes.Language;
using Chat.Scenes.Playing;
using Chat.Scenes.Stages;

namespace Chat.Scenes;

/// <summary>
/// A conversation as plain text, who types what and who sees what, to be played against a server with plugins and scripts.
/// docs/guides/testing.md has the whole language.
/// </summary>
/// <remarks>Never changes; may be played any number of times, also at the same time.</remarks>
public sealed class Scene
{
    /// <summary>What a scene's file name ends with.</summary>
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

    /// <summary>Reads a scene from a file. One that cannot be understood fails when it is played.</summary>
    /// <param name="file">The file, of any name.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scene Load(string file) => Load(file, Path.GetFileName(file));

    /// <summary>Makes a scene of a text.</summary>
    /// <param name="name">What it is called where it fails.</param>
    /// <param name="text">The text.</param>
    public static Scene Parse(string name, string text) => new(name, null, text);

    /// <summary>All scenes of a folder and the folders in it: the files that end with <see cref="FileExtension"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The scenes by name; each is called by its path in the folder, in tests too.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<Scene> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, $"*{FileExtension}", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .OrderBy(scene => scene.Name, StringComparer.Ordinal)
            .Select(scene => Load(scene.File, scene.Name))];

    /// <summary>Plays the scene from its first line to its last, on a server of its own that never leaves memory.</summary>
    /// <param name="options">What to play it against; <see langword="null"/>: the plugins and scripts that lie beside it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SceneFailedException">It did not go as it is written, or cannot be played; the message says where and why.</exception>
    public async Task PlayAsync(SceneOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_text.Problems.Count > 0)
            throw new SceneFailedException(string.Join('\n', _text.Problems));
        options ??= new SceneOptions();
        IStage stage = options.Connect is { } connect
            ? new RemoteStage(_name, _text.Header, connect)
            : await OwnStage.BuildAsync(_name, _text, _folder, options, cancellationToken).ConfigureAwait(false);
        await using (stage.ConfigureAwait(false))
        {
            var player = new ScenePlayer(_name, stage, options);
            await using (player.ConfigureAwait(false))
                await player.PlayAsync(_text.Steps, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The scene's name.</summary>
    public override string ToString() => _name;

    private static Scene Load(string file, string name) => new(name, Path.GetDirectoryName(Path.GetFullPath(file)), File.ReadAllText(file));
}
