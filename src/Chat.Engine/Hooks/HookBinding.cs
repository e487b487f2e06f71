using Chat.Engine.Telemetry;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>One hook or guard bound into the order: where and when it acts, what happens when it fails.</summary>
internal abstract class HookBinding(HookIdentity identity, HookOptions options, HookTelemetry telemetry, TimeProvider clock)
{
    private volatile bool _disabled;

    public HookIdentity Identity { get; } = identity;

    public string Id => Identity.Id;

    public HookOptions Options { get; } = options;

    /// <summary>The stage's name, as shown to people.</summary>
    public abstract string Stage { get; }

    public FailurePolicy OnFailure => Options.OnFailure ?? DefaultOnFailure;

    public bool IsDisabled => _disabled;

    /// <summary>How often it has failed.</summary>
    public long Faults => Telemetry.Faults;

    /// <summary>The last failure in one line; <see langword="null"/> when there was none.</summary>
    public string? LastFault => Telemetry.LastFault;

    protected HookTelemetry Telemetry { get; } = telemetry;

    protected abstract FailurePolicy DefaultOnFailure { get; }

    /// <summary>Whether the binding wants to see this message at all.</summary>
    public bool AppliesTo(MessageContext message) =>
        !_disabled
        && (Options.Origins & message.Origin) != 0
        && (message.Cause is null || message.Cause != Identity.Owner)
        && (Options.Rooms.Count == 0 || (message.Recipient is null && MatchesRoom(message.Room)));

    /// <summary>Counts a fault, tells the log, and says what is to become of the message.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <returns>Whether the message is to be blocked.</returns>
    protected bool Fail(Exception exception)
    {
        Telemetry.Fault(exception, OnFailure);
        _disabled |= OnFailure == FailurePolicy.Disable;
        return OnFailure == FailurePolicy.Block;
    }

    /// <summary>Waits for the hook's answer as long as its time budget lasts; a later one is thrown away.</summary>
    /// <exception cref="TimeoutException">The budget is used up.</exception>
    protected async ValueTask<T> WithinBudgetAsync<T>(ValueTask<T> answer, CancellationToken cancellationToken)
    {
        if (answer.IsCompleted || Options.TimeBudget is not { } budget)
            return await answer.ConfigureAwait(false);

        var answering = answer.AsTask();
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isInTime = await Task.WhenAny(answering, clock.After(budget, answered.Token)).ConfigureAwait(false) == answering;
        if (isInTime)
        {
            answered.Cancel();
            return await answering.ConfigureAwait(false);
        }

        // Nobody waits for it any more; what it may yet fail with must not count as unobserved.
        _ = answering.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException($"it took longer than its time budget of {budget.TotalSeconds:0.###} s");
    }

    private bool MatchesRoom(string room)
    {
        foreach (var pattern in Options.Rooms)
        {
            if (Wildcard.Matches(pattern, room))
                return true;
        }

        return false;
    }
}
