using System.CommandLine;

namespace Chat.Server.Commands;

/// <summary><c>chat-server why [NUMBER|NICK]</c>: why a line of the running server came out as it did.</summary>
internal static class WhyCommand
{
    private const int Ok = 0, NotKnown = 1, Unusable = 2;

    public static Command Create(SettingOptions options)
    {
        var line = new Argument<string?>("LINE")
        {
            Description = "The number of the line, or the nick of its author. Default: the last line of all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        line.Validators.Add(static result =>
        {
            // Neither a number nor a nick: an option that does not exist.
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
                result.AddError($"There is no option {result.Tokens[0].Value}.");
        });
        var json = new Option<bool>("--json") { Description = "Write it as JSON." };
        var why = new Command(
            "why",
            "Asks the running server why a line came out as it did: "
            + "each hook it passed and what the hook did to it, as /why shows in the chat.\n"
            + "Exit code: 0 if the line is known, 1 if it is not, 2 if there is no server to ask.")
        {
            line, json, options.Data, options.Config,
        };
        why.SetAction((result, cancellationToken) => AskAsync(
            options.Read(result), new WhyQuestion(result.GetValue(line), result.GetValue(json)), cancellationToken));
        return why;
    }

    private static async Task<int> AskAsync(
        ServerArguments arguments, WhyQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var data = SettingsReader.Read(arguments).Data;
            var answer = await ControlClient.AskAsync(data, $"{question}", cancellationToken).ConfigureAwait(false);
            var (isKnown, text) = WhyQuestion.Read(answer);
            if (!isKnown)
                return await Refusal.WriteAsync(text, NotKnown).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(text).ConfigureAwait(false);
            return Ok;
        }
        catch (Exception exception) when (
            exception is SettingsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return await Refusal.WriteAsync(exception.Message, Unusable).ConfigureAwait(false);
        }
    }
}
