using Chat.Commands;
using Chat.Engine.Isolation;

namespace Chat.Engine.Commands;

/// <summary>A command and who it belongs to.</summary>
/// <param name="Command">The command.</param>
/// <param name="Target">Who it is and whose, and what is known of its calls.</param>
/// <param name="Clock">For its time budget.</param>
internal sealed record OwnedCommand(ChatCommand Command, CallTarget Target, TimeProvider Clock)
{
    /// <summary>The plugin's id, or <c>chat</c> for the built-in ones.</summary>
    public string Owner => Target.Identity.Owner;

    /// <summary>What the plugin was loaded from.</summary>
    public string Source => Target.Identity.Source;

    /// <summary>What the caller is told when it takes too long.</summary>
    public CommandResult TooLate => CommandResult.Reply($"The command /{Command.Name} did not answer in time. The operator can see why.");

    /// <summary>Whether it is the engine's own.</summary>
    public bool IsBuiltIn => Target.Identity.Owner == CommandTable.BuiltInOwner;

    /// <summary>Whether it only says its arguments: what a plain line does.</summary>
    public bool IsPlainSay { get; } = Target.Identity.Owner == CommandTable.BuiltInOwner && Command.Name == CommandTable.Say;

    private CommandResult OutOfUse => CommandResult.Reply($"The command /{Command.Name} is out of use: a call of it does not come back. The operator can see why.");

    private CommandResult Failed => CommandResult.Reply($"The command /{Command.Name} failed. The operator can see why.");

    /// <summary>Runs the command. A failure is reported and becomes a reply.</summary>
    /// <exception cref="LeaseLostException">It came back too late; somebody else has answered for it.</exception>
    public ValueTask<CommandResult> RunAsync(CommandCall call, Lease lease) =>
        IsBuiltIn ? RunBuiltIn(call, lease) : RunGuardedAsync(call, lease);

    /// <summary>Says that the command's time was up.</summary>
    /// <param name="stopped">With what it was stopped; <see langword="null"/> when it was not.</param>
    public void TimeUp(TimeoutException? stopped = null) => Target.Fault(stopped ?? new TimeoutException($"it did not answer within {Target.Budget.TotalSeconds:0.###} s"), policy: null);

    /// <summary>The engine's own commands answer at once, and are not watched.</summary>
    private ValueTask<CommandResult> RunBuiltIn(CommandCall call, Lease lease)
    {
        try
        {
            return Command.Execute(call, lease.Ending);
        }
        catch (Exception exception)
        {
            Target.Fault(exception, policy: null);
            return Failed;
        }
    }

    private async ValueTask<CommandResult> RunGuardedAsync(CommandCall call, Lease lease)
    {
        if (Target.Breaker.Stuck > 0)
            return OutOfUse;
        if (Target.Gate is { } gate && !gate.TryEnter())
        {
            await gate.EnterAsync(lease.Ending).ConfigureAwait(false);
            if (Target.Breaker.Stuck > 0)
            {
                // It was this very command that had been waited for.
                gate.Exit();
                return OutOfUse;
            }
        }

        var isLost = false;
        try
        {
            return await CallAsync(call, lease).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            isLost = true;
            throw;
        }
        catch (OperationCanceledException) when (lease.IsEnding)
        {
            throw;
        }
        catch (Exception exception)
        {
            Target.Fault(exception, policy: null);
            return Failed;
        }
        finally
        {
            if (!isLost)
                Target.Gate?.Exit();
        }
    }

    private async ValueTask<CommandResult> CallAsync(CommandCall call, Lease lease)
    {
        var started = Clock.GetTimestamp();
        Target.Statistics.Called();
        var answer = Call(call, lease);
        CommandResult? result;
        if (answer.IsCompleted)
        {
            result = await answer.ConfigureAwait(false);
        }
        else
        {
            var pending = await PendingCall.WaitAsync(answer.AsTask(), Target, lease, Clock).ConfigureAwait(false);
            if (!pending.IsInTime)
            {
                TimeUp(pending.Stopped);
                return TooLate;
            }

            result = await pending.Answer.ConfigureAwait(false);
        }

        Target.Statistics.Took(Clock.GetElapsedTime(started));
        return result ?? throw new InvalidOperationException("the command returned null instead of a CommandResult");
    }

    private ValueTask<CommandResult> Call(CommandCall call, Lease lease)
    {
        lease.Begin();
        lease.Enter(Target);
        ValueTask<CommandResult> answer;
        try
        {
            answer = Command.Execute(call, lease.Token);

            // What stands behind an answer that is not there yet is the plugin's own code too.
            if (!answer.IsCompletedSuccessfully)
                answer = new ValueTask<CommandResult>(answer.AsTask());
        }
        catch (Exception exception)
        {
            answer = new ValueTask<CommandResult>(Task.FromException<CommandResult>(exception));
        }

        lease.Exit(answer.IsCompleted);
        return answer;
    }
}
