using System.Globalization;
using Chat.PluginHost;
using Chat.Scenes;
using Chat.Server.Crashes;

namespace Chat.Server.Commands;

/// <summary>Plays scenes one after the other and writes down how each went.</summary>
/// <param name="output">Where to.</param>
internal sealed class SceneRun(TextWriter output)
{
    /// <summary>Plays all of them.</summary>
    /// <param name="scenes">The scenes.</param>
    /// <param name="options">What to play them against.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many failed.</returns>
    public async Task<int> PlayAsync(IReadOnlyList<Scene> scenes, SceneOptions options, CancellationToken cancellationToken)
    {
        var failed = 0;
        Scene? playing = null;
        using var unasked = new UnaskedExit(
            stack =>
            {
                output.WriteLine($"FAILED  {playing}\n    {UnaskedExit.Culprit(PluginDirectory.WhoEnds(stack))} has ended the process. What comes after it has not been played.");
                output.Flush();
            },
            exitCode: 1);
        foreach (var scene in scenes)
        {
            playing = scene;
            try
            {
                await scene.PlayAsync(options, cancellationToken).ConfigureAwait(false);
                await output.WriteLineAsync($"ok  {scene}").ConfigureAwait(false);
            }
            catch (SceneFailedException exception)
            {
                failed++;
                await output.WriteLineAsync($"FAILED  {scene}\n    {exception.Message.Replace("\n", "\n    ", StringComparison.Ordinal).Replace("\n    \n", "\n\n", StringComparison.Ordinal)}").ConfigureAwait(false);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{scenes.Count - failed} passed, {failed} failed")).ConfigureAwait(false);
        return failed;
    }
}
