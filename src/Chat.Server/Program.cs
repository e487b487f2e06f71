using System.CommandLine;
using System.CommandLine.Invocation;

const int CannotStart = 1, Usage = 2;

StandardStreams.Ensure();
if (OpenFileLimit.Problem() is { } problem)
    await ExitAsync(CannotStart, $"chat-server: {problem}").ConfigureAwait(false);

var parsed = ServerCommand.Create().Parse(args);
if (parsed.Action is ParseErrorAction)
    await ExitAsync(Usage, UsageError.Of(parsed)).ConfigureAwait(false);

// The host ends the process itself, after it has said goodbye to everyone.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
var exitCode = await parsed.InvokeAsync(configuration).ConfigureAwait(false);

// Main does not simply return: a thread that a plugin has left running would keep the process alive.
Environment.Exit(exitCode);

static async Task ExitAsync(int exitCode, string problem)
{
    await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
    Environment.Exit(exitCode);
}
