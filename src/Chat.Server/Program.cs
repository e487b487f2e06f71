using System.CommandLine;
using Chat.Server;

// The host ends the process itself, once everyone has been told goodbye.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
var command = ServerCommand.Create().Parse(args);
var exitCode = await command.InvokeAsync(configuration).ConfigureAwait(false);

// For a command that tests something, 1 says that it was found wanting.
if (command.Errors.Count > 0 && command.CommandResult.Command.Name == TestCommand.Name)
    exitCode = TestCommand.Unusable;

// Not by returning: a thread that a plugin has left behind would keep the process alive.
Environment.Exit(exitCode);
