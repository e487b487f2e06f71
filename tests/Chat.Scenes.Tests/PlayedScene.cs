namespace Chat.Scenes.Tests;

/// <summary>Plays scenes against the scripts in a temporary folder.</summary>
internal sealed class PlayedScene : IDisposable
{
    /// <summary>hello! becomes HELLO!</summary>
    public const string Shout = """OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);""";

    public TemporaryFolder Folder { get; } = new();

    /// <summary>Plays a scene against the scripts in the folder.</summary>
    public Task PlayAsync(string text, CancellationToken cancellationToken, Action<SceneOptions>? configure = null)
    {
        var options = new SceneOptions { Plugins = Folder.FullPath, Patience = TimeSpan.FromSeconds(60) };
        configure?.Invoke(options);
        return Scene.Parse("x.scene.txt", text).PlayAsync(options, cancellationToken);
    }

    /// <summary>Plays a scene that must fail.</summary>
    /// <returns>The failure.</returns>
    public async Task<string> FailAsync(
        string text, CancellationToken cancellationToken, Action<SceneOptions>? configure = null)
    {
        try
        {
            await PlayAsync(text, cancellationToken, configure);
        }
        catch (SceneFailedException exception)
        {
            return exception.Message;
        }

        throw new AssertionException("The scene should have failed, but passed.");
    }

    public void Dispose() => Folder.Dispose();
}
