using System.CommandLine;
using Chat.Engine;
using Chat.Engine.Diagnostics;
using Chat.Engine.Tracing;
using Chat.PluginHost;
using Chat.Server.Configuration;
using Chat.Server.Crashes;

namespace Chat.Server.Commands;

/// <summary><c>chat-server hooks trace TEXT</c>: what the configured hooks would make of a line, without a server.</summary>
internal static class HooksCommand
{
    private const int Ok = 0, NotSent = 1, Unusable = 2, NotWhole = 3;

    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "The line, as somebody would type it." };
        var room = new Option<string?>("--room") { Description = "The room it is said in. Default: Chat:DefaultRoom", HelpName = "ROOM" };
        var nick = new Option<string>("--nick") { Description = "Who says it.", HelpName = "NICK", DefaultValueFactory = _ => "you" };
        var json = new Option<bool>("--json") { Description = "Write it as JSON." };
        var data = new Option<string?>("--data") { Description = "The server's data folder. Default: ./chat-data", HelpName = "DIR" };
        var plugins = new Option<string?>("--plugins") { Description = "The folder of plugins and scripts. Default: DATA/plugins", HelpName = "DIR" };
        var noBundled = new Option<bool>("--no-bundled-plugins") { Description = "Leave out the plugins that come with the server." };
        var config = new Option<string?>("--config") { Description = "A JSON file with any of the settings.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "Any setting; may be given several times.", HelpName = "SECTION:KEY=VALUE" };
        var trace = new Command(
            "trace",
            "Runs a line through the hooks as they are configured, without a server, and shows what each made of it, as /why does.\n"
            + "Exit code: 0 when the line would be sent, 1 when it would not, 2 when it could not be tried, 3 when it would be, but some plugin could not be loaded.")
        {
            text, room, nick, json, data, plugins, noBundled, config, set,
        };
        trace.SetAction((result, cancellationToken) => TraceAsync(
            new ServerArguments([], result.GetValue(data), result.GetValue(plugins), result.GetValue(noBundled), result.GetValue(config), result.GetValue(set) ?? []),
            (result.GetValue(room), result.GetValue(nick)!, result.GetValue(text)!),
            result.GetValue(json),
            cancellationToken));
        return new Command("hooks", "Looks at hooks.") { trace };
    }

    private static async Task<int> TraceAsync(ServerArguments arguments, (string? Room, string Nick, string Text) line, bool asJson, CancellationToken cancellationToken)
    {
        // What plugins print is none of the answer.
        var output = Console.Out;
        Console.SetOut(Console.Error);
        using var unasked = new UnaskedExit(
            stack => Console.Error.WriteLine($"chat-server: {UnaskedExit.Culprit(PluginDirectory.WhoEnds(stack))} has ended the process, which a server would not survive either."),
            Unusable);
        try
        {
            var settings = SettingsReader.Read(arguments);
            var (explanation, isWhole) = await ExplainAsync(settings, line, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync(asJson ? ExplanationJson.Write(explanation) : explanation.ToString()).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (explanation.Ends.All(end => end.Disposition != Hooks.MessageDisposition.Sent))
                return NotSent;
            return isWhole ? Ok : NotWhole;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"chat-server: {ExceptionText.MessageOf(exception)}").ConfigureAwait(false);
            return Unusable;
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"chat-server: {exception.Message}").ConfigureAwait(false);
            return Unusable;
        }
    }

    private static async Task<(LineExplanation Explanation, bool IsWhole)> ExplainAsync(ServerSettings settings, (string? Room, string Nick, string Text) line, CancellationToken cancellationToken)
    {
        var host = settings.Plugins.ToOptions(settings.Data);
        if (!Directory.Exists(host.Folder) && host.BundledFolder is null)
            throw new SettingsException($"There is no plugin folder {host.Folder}.");
        if (settings.Chat.TracedLines == 0)
            settings.Chat.TracedLines = 64;

        // Nothing is left behind: copies and state in a folder of their own, and a look at the drop folder does not make it.
        var scratch = Directory.CreateTempSubdirectory("chat-trace-");
        try
        {
            host.ShadowFolder = Path.Combine(scratch.FullName, "shadow");
            host.StoreFolder = null;

            // Whoever asks waits for the cleaning up too.
            host.DrainTimeout = TimeSpan.FromSeconds(1);
            if (!Directory.Exists(host.CacheFolder))
                host.CacheFolder = null;
            if (!Directory.Exists(host.Folder))
                host.Folder = Path.Combine(scratch.FullName, "plugins");
            var server = new ChatServer(settings.Chat);
            await using (server.ConfigureAwait(false))
            {
                var plugins = new PluginDirectory(server, host);
                await using (plugins.ConfigureAwait(false))
                {
                    await server.BindAsync(cancellationToken).ConfigureAwait(false);
                    await plugins.StartAsync(cancellationToken).ConfigureAwait(false);
                    foreach (var problem in server.Problems)
                        await Console.Error.WriteLineAsync($"chat-server: not loaded: {problem}").ConfigureAwait(false);
                    var explanation = await server.TraceAsync(line.Room ?? settings.Chat.DefaultRoom, line.Nick, line.Text, cancellationToken).ConfigureAwait(false);
                    return (explanation, server.Problems.Count == 0);
                }
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
