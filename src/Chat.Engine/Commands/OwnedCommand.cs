namespace Chat.Engine.Commands;

/// <summary>A command and the plugin it belongs to.</summary>
/// <param name="Command">The command.</param>
/// <param name="Target">The command's identity and call statistics.</param>
/// <param name="Clock">Measures the command's time budget.</param>
internal sealed record OwnedCommand(ChatCommand Command, CallTarget Target, TimeProvider Clock)
{
    /// <summary>The plugin's id, or <c>chat</c> for the built-in commands.</summary>
    public string Owner => Target.Identity.Owner;

    /// <summary>The file the plugin was loaded from.</summary>
    public string Source => Target.Identity.Source;

    /// <summary>The reply if the command exceeds its time budget.</summary>
    public CommandResult TooLate => Refuse(RefusalCode.CommandTimedOut);

    /// <summary>Whether the command is the built-in <c>say</c>, which a plain line stands for.</summary>
    public bool IsPlainSay { get; } =
        Target.Identity.Owner == CommandTable.BuiltInOwner && Command.Name == CommandTable.Say;

    private CommandResult Disabled => Refuse(RefusalCode.CommandDisabled);

    /// <summary>Runs the command. A failure is reported and becomes a reply.</summary>
    /// <exception cref="LeaseLostException">The call returned after its lease was revoked; another runner has answered
    /// for it.</exception>
    /// <exception cref="OperationCanceledException">The caller has left or the server is stopping.</exception>
    public async ValueTask<CommandResult> RunAsync(CommandCall call, Lease lease)
    {
        if (Target.Breaker.Stuck > 0)
            return Disabled;
        var started = Clock.GetTimestamp();
        Target.Statistics.Called();
        var invocation = new CommandInvocation(Command, call);
        var calling = PluginCall.RunAsync<CommandInvocation, CommandResult>(invocation, Target, lease, Clock, depth: 0);
        var outcome = await calling.ConfigureAwait(false);
        if (outcome.IsSkipped)
            return Target.Breaker.Stuck > 0 ? Disabled : TooLate;
        if (outcome.Fault is null)
            Target.Statistics.Took(Clock.GetElapsedTime(started));
        if ((outcome.Fault ?? ProblemWith(outcome.Result)) is not { } fault)
            return outcome.Result!;
        Target.Fault(fault, policy: null);
        return fault is TimeoutException ? TooLate : Refuse(RefusalCode.CommandFailed);
    }

    /// <summary>Reports that a call of the command exceeded its time budget.</summary>
    public void TimeUp() => Target.Fault(PluginCall.TimeUp(Target), policy: null);

    private CommandResult Refuse(RefusalCode code) => CommandResult.Reply(new Refused(code, Command.Name));

    private static InvalidOperationException? ProblemWith(CommandResult? result) =>
        result is null ? new InvalidOperationException("the command returned null instead of a CommandResult") : null;
}
