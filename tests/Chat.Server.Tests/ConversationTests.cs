using Chat.Scenes;

namespace Chat.Server.Tests;

/// <summary>Whole conversations as scenes, played over real sockets against the real server.</summary>
[CancelAfter(120_000)]
internal sealed class ConversationTests
{
    public static IEnumerable<Scene> Scenes => Scene.Find(Path.Combine(AppContext.BaseDirectory, "Conversations"));

    [TestCaseSource(nameof(Scenes))]
    public async Task The_scene_goes_as_it_is_written(Scene scene, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        var options = new SceneOptions
        {
            Patience = TimeSpan.FromSeconds(60),
            Connect = async token => await TcpSide.ConnectAsync(server.EndPoint, token),
        };

        await scene.PlayAsync(options, cancellationToken);
    }
}
