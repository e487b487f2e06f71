namespace Chat.Engine.Tracing;

/// <summary>The part of a hook or guard that a trace keeps. References nothing of its plugin.</summary>
/// <param name="Identity">The identity of the hook or guard.</param>
/// <param name="IsGuard">Whether it is a guard.</param>
/// <param name="IsShadow">Whether it runs in shadow mode, without effect.</param>
internal sealed record StepLabel(HookIdentity Identity, bool IsGuard, bool IsShadow);
