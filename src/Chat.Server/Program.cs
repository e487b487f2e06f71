using System.CommandLine;
using System.CommandLine.Invocation;
using Chat.Server;
using Chat.Server.Commands;

// The host ends the process itself, once everyone has been told goodbye.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
var parsed = ServerCommand.Create().Parse(args);
if (parsed.Action is ParseErrorAction)
{
    const int Usage = 2;
    await Console.Error.WriteLineAsync(UsageError.Of(parsed)).ConfigureAwait(false);
    Environment.Exit(Usage);
}

var exitCode = await parsed.InvokeAsync(configuration).ConfigureAwait(false);

// Not by returning: a thread that a plugin has left behind would keep the process alive.
Environment.Exit(exitCode);
