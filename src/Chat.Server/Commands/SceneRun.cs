using System.Globalization;

namespace Chat.Server.Commands;

/// <summary>Plays scenes one after the other and prints the result of each.</summary>
internal sealed class SceneRun(TextWriter output)
{
    /// <summary>Plays all of them.</summary>
    /// <returns>How many failed.</returns>
    public async Task<int> PlayAsync(
        IReadOnlyList<Scene> scenes, SceneOptions options, CancellationToken cancellationToken)
    {
        var failed = 0;
        Scene? playing = null;
        using var unasked = new UnaskedExit(
            stack =>
            {
                var culprit = UnaskedExit.Culprit(PluginDirectory.WhoEnds(stack));
                output.WriteLine(
                    $"FAILED  {playing}\n    {culprit} ended the process. The scenes after this one were not played.");
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
                var problem = Indented(exception.Message);
                await output.WriteLineAsync($"FAILED  {scene}\n    {problem}").ConfigureAwait(false);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var summary = string.Create(CultureInfo.InvariantCulture, $"{scenes.Count - failed} passed, {failed} failed");
        await output.WriteLineAsync(summary).ConfigureAwait(false);
        return failed;
    }

    private static string Indented(string text) =>
        text.Replace("\n", "\n    ", StringComparison.Ordinal).Replace("\n    \n", "\n\n", StringComparison.Ordinal);
}
