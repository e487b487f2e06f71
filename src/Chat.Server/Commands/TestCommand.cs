using System.CommandLine;
using System.Runtime.ExceptionServices;

namespace Chat.Server.Commands;

/// <summary><c>chat-server test FOLDER</c>: plays scenes against the plugins that the server would run.</summary>
internal static class TestCommand
{
    /// <summary>The exit code when nothing could be tested.</summary>
    private const int Unusable = 2;

    private const string Program = "chat-server test";

    public static Command Create(SettingOptions options)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = $"The folder to search for scenes (*{Scene.FileExtension}), with subfolders; or one scene.",
            DefaultValueFactory = _ => ".",
        };
        var command = new Command(
            "test",
            "Plays plain-text scenes, which say who types what and who sees what, against plugins and scripts: "
            + "in memory, without a port, with a clock of its own.\n"
            + "Plugins come from --plugins or DATA/plugins; if there is no such folder, from beside each scene.\n"
            + "Exit code: 0 if all passed, 1 if some failed, 2 if nothing could be tested. "
            + "docs/guides/testing.md describes the language.")
        {
            folder, options.Data, options.Plugins, options.NoBundledPlugins, options.Config, options.Set,
        };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(folder)!, options.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string folder, ServerArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            var unhandled = 0;
            ExceptionHandling.SetUnhandledExceptionHandler(exception =>
            {
                Interlocked.Increment(ref unhandled);
                Console.Error.WriteLine(
                    "chat-server test: a plugin threw an exception on a thread of its own, "
                    + "where nothing could catch it: "
                    + ExceptionText.Describe(exception));
                return true;
            });
            var scenes = File.Exists(folder) ? [Scene.Load(folder)] : Scene.Find(folder);
            if (scenes.Count == 0)
            {
                throw new SettingsException(
                    $"there are no scenes (*{Scene.FileExtension}) in {Path.GetFullPath(folder)} or below.");
            }

            var options = await OptionsAsync(arguments).ConfigureAwait(false);
            var run = new SceneRun(Console.Out);
            var failed = await run.PlayAsync(scenes, options, cancellationToken).ConfigureAwait(false);
            return failed + unhandled == 0 ? 0 : 1;
        }
        catch (DirectoryNotFoundException)
        {
            return await Refusal
                .WriteAsync($"there is no folder {Path.GetFullPath(folder)}.", Unusable, Program).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException)
        {
            return await Refusal.WriteAsync(exception.Message, Unusable, Program).ConfigureAwait(false);
        }
    }

    /// <summary>What the scenes are played against. Also prints it.</summary>
    private static async Task<SceneOptions> OptionsAsync(ServerArguments arguments)
    {
        var settings = SettingsReader.Read(arguments);
        var host = settings.Plugins.ToOptions(settings.Data);
        const string Folder = $"{SettingOptions.PluginsKey}=";
        var isNamed = arguments.Set.Any(each => each.StartsWith(Folder, StringComparison.Ordinal));
        if (isNamed && !Directory.Exists(host.Folder))
            throw new SettingsException($"there is no plugin folder {host.Folder}.");
        var options = new SceneOptions
        {
            Plugins = Directory.Exists(host.Folder) ? host.Folder : null,
            BundledPlugins = Directory.Exists(host.BundledFolder) ? host.BundledFolder : null,

            // Read again for each scene: nothing that one scene sets affects the next.
            Server = () => SettingsReader.Read(arguments).Chat,
        };
        var bundled = options.BundledPlugins is null ? "" : ", and those that come with the server";
        var plugins = options.Plugins ?? "what is beside each scene";
        await Console.Out.WriteLineAsync($"Plugins: {plugins}{bundled}").ConfigureAwait(false);
        return options;
    }
}
