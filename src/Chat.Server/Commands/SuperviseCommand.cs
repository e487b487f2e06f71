using System.CommandLine;
using Chat.Server.Crashes;

namespace Chat.Server.Commands;

/// <summary><c>chat-server supervise ARGUMENTS</c>: the server in a process of its own, which is started again when it dies.</summary>
internal static class SuperviseCommand
{
    public static Command Create()
    {
        var command = new Command(
            "supervise",
            "Runs the server with the arguments that follow, and starts it again when it dies.\n"
            + "A plugin that it has died in is not loaded again before its file changes. Exit code: the server's own.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((result, cancellationToken) => new Supervisor([.. result.UnmatchedTokens], Console.Error, TimeProvider.System).RunAsync(cancellationToken));
        return command;
    }
}
