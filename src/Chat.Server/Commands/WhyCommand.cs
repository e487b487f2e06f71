using System.CommandLine;
using Chat.Server.Configuration;
using Chat.Server.Control;

namespace Chat.Server.Commands;

/// <summary><c>chat-server why [NUMBER|NICK]</c>: why a line of the running server came out as it did.</summary>
internal static class WhyCommand
{
    private const int Ok = 0, NotKnown = 1, Unusable = 2;

    public static Command Create()
    {
        var line = new Argument<string?>("LINE") { Description = "The line's number, or the nick of who said it. Default: the last line of all.", Arity = ArgumentArity.ZeroOrOne };
        line.Validators.Add(static result =>
        {
            // Neither a number nor a nick: an option that there is not.
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
                result.AddError($"There is no option {result.Tokens[0].Value}.");
        });
        var json = new Option<bool>("--json") { Description = "Write it as JSON." };
        var data = new Option<string?>("--data") { Description = "The running server's data folder. Default: ./chat-data", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "A JSON file with any of the settings.", HelpName = "FILE" };
        var why = new Command(
            "why",
            "Asks the running server why a line came out as it did: each hook it went through and what that made of it, as /why does in the chat.\n"
            + "Exit code: 0 when the line is known, 1 when it is not, 2 when there is no server to ask.")
        {
            line, json, data, config,
        };
        why.SetAction((result, cancellationToken) => AskAsync(
            new ServerArguments([], result.GetValue(data), null, NoBundledPlugins: false, result.GetValue(config), []),
            new WhyQuestion(result.GetValue(line), result.GetValue(json)),
            cancellationToken));
        return why;
    }

    private static async Task<int> AskAsync(ServerArguments arguments, WhyQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ControlClient.AskAsync(SettingsReader.Read(arguments).Data, question.ToString(), cancellationToken).ConfigureAwait(false);
            var (isKnown, text) = WhyQuestion.Read(answer);
            await (isKnown ? Console.Out.WriteLineAsync(text) : Console.Error.WriteLineAsync($"chat-server: {text}")).ConfigureAwait(false);
            return isKnown ? Ok : NotKnown;
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"chat-server: {exception.Message}").ConfigureAwait(false);
            return Unusable;
        }
    }
}
