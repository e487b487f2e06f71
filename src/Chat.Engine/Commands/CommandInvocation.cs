namespace Chat.Engine.Commands;

/// <summary>The call of one command.</summary>
internal readonly struct CommandInvocation(ChatCommand command, CommandCall call) : IPluginCall<CommandResult>
{
    public ValueTask<CommandResult> InvokeAsync(CancellationToken cancellationToken) =>
        command.Execute(call, cancellationToken);
}
