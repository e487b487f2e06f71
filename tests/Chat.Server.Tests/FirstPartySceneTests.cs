using Chat.Scenes;

namespace Chat.Server.Tests;

/// <summary>The bundled plugins and the sample script do what their scenes say.</summary>
[CancelAfter(120_000)]
internal sealed class FirstPartySceneTests
{
    public static IEnumerable<Scene> PluginScenes => Scene.Find(Path.Combine(Repository.Root, "plugins", "tests"));

    public static IEnumerable<Scene> SampleScenes => Scene.Find(Path.Combine(Repository.Root, "samples"));

    [TestCaseSource(nameof(PluginScenes))]
    public Task The_plugins_that_come_with_the_server_play_their_scene(
        Scene scene, CancellationToken cancellationToken) =>
        scene.PlayAsync(
            new SceneOptions { BundledPlugins = Repository.BundledPlugins, Patience = TimeSpan.FromSeconds(60) },
            cancellationToken);

    [TestCaseSource(nameof(SampleScenes))]
    public Task The_samples_play_their_scene(Scene scene, CancellationToken cancellationToken) =>
        scene.PlayAsync(new SceneOptions { Patience = TimeSpan.FromSeconds(60) }, cancellationToken);

    [Test]
    public void Every_plugin_that_comes_with_the_server_has_a_scene()
    {
        var plugins = Directory.EnumerateFileSystemEntries(Repository.BundledPlugins).Select(
            plugin => Path.GetFileNameWithoutExtension(plugin).ToLowerInvariant());

        Assert.That(plugins, Is.SubsetOf(PluginScenes.Select(scene => $"{scene}"[..^Scene.FileExtension.Length])));
    }

    [Test]
    public void Scenes_are_not_laid_beside_the_server()
    {
        Assert.That(
            Directory.EnumerateFiles(Repository.BundledPlugins, "*.txt", SearchOption.AllDirectories), Is.Empty);
    }
}
