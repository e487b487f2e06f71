using System.CommandLine;
using Chat.Server;

// The host ends the process itself, once everyone has been told goodbye.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await ServerCommand.Create().Parse(args).InvokeAsync(configuration).ConfigureAwait(false);
