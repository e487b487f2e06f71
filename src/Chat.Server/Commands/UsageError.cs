using System.CommandLine;

namespace Chat.Server.Commands;

/// <summary>The error of a command line, as one sentence.</summary>
internal static class UsageError
{
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        // Something that looks like an option may have been parsed as an argument.
        var unknown = parsed.UnmatchedTokens.Where(token => token.StartsWith('-'))
            .Concat(parsed.CommandResult.Tokens.Select(token => token.Value)
                .Where(token => token.StartsWith("--", StringComparison.Ordinal)))
            .Concat(parsed.UnmatchedTokens)
            .ToList();
        var problem = unknown.Count == 0 ? parsed.Errors[0].Message
            : unknown[0].StartsWith('-')
                ? $"There is no option {unknown[0]}.{DidYouMean(unknown[0], OptionsOf(parsed, command))}"
                : $"There is no command {unknown[0]}."
                    + DidYouMean(unknown[0], command.Subcommands.Select(each => each.Name));
        return $"chat-server: {problem} --help lists all commands and options.";
    }

    /// <summary>The options of the command itself and those of every command.</summary>
    private static IEnumerable<string> OptionsOf(ParseResult parsed, Command command) =>
        command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .Select(option => option.Name).Distinct();

    private static string DidYouMean(string word, IEnumerable<string> known) =>
        Suggestion.Nearest(word, known) is { } nearest ? $" Did you mean {nearest}?" : "";
}
