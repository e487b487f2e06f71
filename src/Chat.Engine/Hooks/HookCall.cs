namespace Chat.Engine.Hooks;

/// <summary>The call of a hook or guard with a run's current message.</summary>
internal readonly struct HookCall(PipelineStep step, PipelineRun run) : IPluginCall<HookResult>
{
    public ValueTask<HookResult> InvokeAsync(CancellationToken cancellationToken)
    {
        run.StartCall();
        return step.CallAsync(run.Message, cancellationToken);
    }
}
