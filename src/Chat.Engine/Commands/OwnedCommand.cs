using Chat.Commands;
using Chat.Engine.Hooks;
using Chat.Hooks;

namespace Chat.Engine.Commands;

/// <summary>A command and who it belongs to.</summary>
/// <param name="Command">The command.</param>
/// <param name="Identity">Who it is and whose.</param>
/// <param name="Telemetry">Where its failures are reported.</param>
internal sealed record OwnedCommand(ChatCommand Command, HookIdentity Identity, HookTelemetry Telemetry)
{
    /// <summary>The plugin's id, or <c>chat</c> for the built-in ones.</summary>
    public string Owner => Identity.Owner;

    /// <summary>What the plugin was loaded from.</summary>
    public string Source => Identity.Source;

    /// <summary>Runs the command. A failure is reported and becomes a reply.</summary>
    public async ValueTask<CommandResult> RunAsync(CommandCall call, CancellationToken cancellationToken)
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
            Telemetry.Fault(exception, FailurePolicy.Pass);
            return CommandResult.Reply($"The command /{Command.Name} failed. The operator can see why.");
        }
    }
}
