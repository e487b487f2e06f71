using System.CommandLine;
using Chat.Server;

// The host ends the process itself, once everyone has been told goodbye.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
var exitCode = await ServerCommand.Create().Parse(args).InvokeAsync(configuration).ConfigureAwait(false);

// Not by returning: a thread that a plugin has left behind would keep the process alive.
Environment.Exit(exitCode);
