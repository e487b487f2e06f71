using Chat.Commands;
using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Commands;

/// <summary>A command and who it belongs to.</summary>
/// <param name="Command">The command.</param>
/// <param name="Owner">The plugin's id, or <c>chat</c> for the built-in ones.</param>
/// <param name="Source">What the plugin was loaded from.</param>
internal sealed record OwnedCommand(ChatCommand Command, string Owner, string Source)
{
    /// <summary>Runs the command. A failure is logged and becomes a reply.</summary>
    public async ValueTask<CommandResult> RunAsync(CommandCall call, ChatMetrics metrics, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            return await Command.Execute(call, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException("the command returned null instead of a CommandResult");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            metrics.HookFaults.Add(1, new KeyValuePair<string, object?>("hook", $"/{Command.Name}"));
            EngineLog.CommandFailed(logger, Command.Name, Source, ExceptionText.Describe(exception));
            return CommandResult.Reply($"The command /{Command.Name} failed. The operator can see why.");
        }
    }
}
