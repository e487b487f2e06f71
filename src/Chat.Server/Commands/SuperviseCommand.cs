using System.CommandLine;

namespace Chat.Server.Commands;

/// <summary><c>chat-server supervise ARGUMENTS</c>: runs the server and restarts it when it crashes.</summary>
internal static class SuperviseCommand
{
    public static Command Create()
    {
        var command = new Command(
            "supervise",
            "Runs the server with the arguments that follow and restarts it when it crashes.\n"
            + "A plugin that crashed it is not loaded again until its file changes. Exit code: the server's own.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((result, cancellationToken) =>
            new Supervisor([.. result.UnmatchedTokens], Console.Error, TimeProvider.System)
                .RunAsync(cancellationToken));
        return command;
    }
}
