using System.CommandLine;

namespace Chat.Server.Commands;

/// <summary><c>chat-server hooks trace TEXT</c>: what the configured hooks do to a line, without a server.</summary>
internal static class HooksCommand
{
    private const int Ok = 0, NotSent = 1, Unusable = 2, Incomplete = 3;

    public static Command Create(SettingOptions options)
    {
        var text = new Argument<string>("TEXT") { Description = "The line, as somebody would type it." };
        var room = new Option<string?>("--room")
        {
            Description = "The room in which it is said. Default: Chat:DefaultRoom",
            HelpName = "ROOM",
        };
        var nick = new Option<string>("--nick")
        {
            Description = "The person who says it.",
            HelpName = "NICK",
            DefaultValueFactory = _ => "you",
        };
        var json = new Option<bool>("--json") { Description = "Write it as JSON." };
        var trace = new Command(
            "trace",
            "Runs a line through the hooks as configured, without a server, "
            + "and shows what each did to it, as /why does in the chat.\n"
            + "Exit code: 0 if the line would be sent, 1 if it would not, 2 if it could not be tried, "
            + "3 if it would be sent but a plugin could not be loaded.")
        {
            text, room, nick, json,
            options.Data, options.Plugins, options.NoBundledPlugins, options.Config, options.Set,
        };
        trace.SetAction((result, cancellationToken) => TraceAsync(
            options.Read(result), (result.GetValue(room), result.GetValue(nick)!, result.GetValue(text)!),
            result.GetValue(json), cancellationToken));
        return new Command("hooks", "Commands for hooks.") { trace };
    }

    private static async Task<int> TraceAsync(
        ServerArguments arguments, (string? Room, string Nick, string Text) line, bool asJson,
        CancellationToken cancellationToken)
    {
        // Only the answer goes to standard output, whatever plugins print.
        var output = Console.Out;
        Console.SetOut(Console.Error);
        using var unasked = new UnaskedExit(
            stack => Console.Error.WriteLine(
                $"chat-server: {UnaskedExit.Culprit(PluginDirectory.WhoEnds(stack))} ended the process. "
                + "It would end a server, too."),
            Unusable);
        try
        {
            var settings = SettingsReader.Read(arguments);
            var (explanation, isComplete) = await ExplainAsync(settings, line, cancellationToken).ConfigureAwait(false);
            var answer = asJson ? JsonText.Of(explanation) : explanation.ToString();
            await output.WriteLineAsync(answer).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            var isSent = explanation.Ends.Any(end => end.Disposition == Hooks.MessageDisposition.Sent);
            return !isSent ? NotSent : isComplete ? Ok : Incomplete;
        }
        catch (ArgumentException exception)
        {
            return await Refusal.WriteAsync(ExceptionText.MessageOf(exception), Unusable).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException)
        {
            return await Refusal.WriteAsync(exception.Message, Unusable).ConfigureAwait(false);
        }
    }

    private static async Task<(LineExplanation Explanation, bool IsComplete)> ExplainAsync(
        ServerSettings settings, (string? Room, string Nick, string Text) line, CancellationToken cancellationToken)
    {
        var host = settings.Plugins.ToOptions(settings.Data);
        if (!Directory.Exists(host.Folder) && host.BundledFolder is null)
            throw new SettingsException($"There is no plugin folder {host.Folder}.");
        if (settings.Chat.TracedLines == 0)
            settings.Chat.TracedLines = 64;

        // Nothing is left behind: copies and state go to a temporary folder, and a missing drop folder is not created.
        var scratch = Directory.CreateTempSubdirectory("chat-trace-");
        try
        {
            host.ShadowFolder = Path.Combine(scratch.FullName, "shadow");
            host.StoreFolder = null;

            // The user also waits for the cleanup.
            host.DrainTimeout = TimeSpan.FromSeconds(1);
            if (!Directory.Exists(host.CacheFolder))
                host.CacheFolder = null;
            if (!Directory.Exists(host.Folder))
                host.Folder = Path.Combine(scratch.FullName, "plugins");
            var server = new ChatServer(settings.Chat);
            await using var serverEnd = server.ConfigureAwait(false);
            var plugins = new PluginDirectory(server, host);
            await using var pluginsEnd = plugins.ConfigureAwait(false);
            await server.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await plugins.StartAsync(cancellationToken).ConfigureAwait(false);
            foreach (var problem in server.Problems)
                await Console.Error.WriteLineAsync($"chat-server: not loaded: {problem}").ConfigureAwait(false);
            var explanation = await server
                .TraceAsync(line.Room ?? settings.Chat.DefaultRoom, line.Nick, line.Text, cancellationToken)
                .ConfigureAwait(false);
            return (explanation, server.Problems.Count == 0);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
