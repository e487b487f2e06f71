using System.CommandLine;
using System.Runtime.ExceptionServices;
using Chat.Engine.Diagnostics;
using Chat.Scenes;
using Chat.Server.Configuration;

namespace Chat.Server.Commands;

/// <summary>The command <c>test</c>: plays the scenes of a folder against the plugins and scripts that the server would run.</summary>
internal static class TestCommand
{
    /// <summary>The exit code when nothing could be tested.</summary>
    private const int Unusable = 2;

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = $"The folder of scenes, looked through with all below it for *{Scene.FileExtension}; or one scene.", DefaultValueFactory = _ => "." };
        var data = new Option<string?>("--data") { Description = "The server's data folder. Default: ./chat-data", HelpName = "DIR" };
        var plugins = new Option<string?>("--plugins") { Description = "The folder of plugins and scripts. Default: DATA/plugins, as the server has it; where that is missing, what lies beside each scene", HelpName = "DIR" };
        var noBundled = new Option<bool>("--no-bundled-plugins") { Description = "Leave out the plugins that come with the server." };
        var config = new Option<string?>("--config") { Description = "A JSON file with any of the settings.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "Any setting of Chat and Hooks; may be given several times: --set Hooks:shout:Enabled=false", HelpName = "SECTION:KEY=VALUE" };
        var command = new Command(
            "test",
            "Plays plain-text scenes, who types what and who sees what, against plugins and scripts: in memory, without a port, by a clock of its own.\n"
            + "Exit code: 0 all passed, 1 some failed, 2 nothing could be tested. docs/guides/testing.md has the language.")
        {
            folder, data, plugins, noBundled, config, set,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(folder)!,
            new ServerArguments([], result.GetValue(data), result.GetValue(plugins), result.GetValue(noBundled), result.GetValue(config), result.GetValue(set) ?? []),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string folder, ServerArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            var unhandled = 0;
            ExceptionHandling.SetUnhandledExceptionHandler(exception =>
            {
                Interlocked.Increment(ref unhandled);
                Console.Error.WriteLine($"chat-server test: a plugin failed on a thread of its own, where nobody could catch it: {ExceptionText.Describe(exception)}");
                return true;
            });
            var scenes = File.Exists(folder) ? [Scene.Load(folder)] : Scene.Find(folder);
            if (scenes.Count == 0)
                throw new SettingsException($"there are no scenes (*{Scene.FileExtension}) in {Path.GetFullPath(folder)} or below.");
            var failed = await new SceneRun(Console.Out).PlayAsync(scenes, await OptionsAsync(arguments).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return failed + unhandled == 0 ? 0 : 1;
        }
        catch (DirectoryNotFoundException)
        {
            await Console.Error.WriteLineAsync($"chat-server test: there is no folder {Path.GetFullPath(folder)}.").ConfigureAwait(false);
            return Unusable;
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"chat-server test: {exception.Message}").ConfigureAwait(false);
            return Unusable;
        }
    }

    /// <summary>What the scenes are played against, as it also tells the user.</summary>
    private static async Task<SceneOptions> OptionsAsync(ServerArguments arguments)
    {
        var settings = SettingsReader.Read(arguments);
        var host = settings.Plugins.ToOptions(settings.Data);
        var isNamed = arguments.Plugins is not null;
        if (isNamed && !Directory.Exists(host.Folder))
            throw new SettingsException($"there is no plugin folder {host.Folder}.");
        var options = new SceneOptions
        {
            Plugins = Directory.Exists(host.Folder) ? host.Folder : null,
            BundledPlugins = Directory.Exists(host.BundledFolder) ? host.BundledFolder : null,

            // Read anew for each scene: what one scene sets must not be there for the next.
            Server = () => SettingsReader.Read(arguments).Chat,
        };
        await Console.Out.WriteLineAsync($"Plugins: {options.Plugins ?? "what lies beside each scene"}{(options.BundledPlugins is null ? "" : ", and those that come with the server")}").ConfigureAwait(false);
        return options;
    }
}
