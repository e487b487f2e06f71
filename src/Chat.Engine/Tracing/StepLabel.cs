using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Tracing;

/// <summary>What a trace keeps of a hook or guard: who it is, and nothing of its plugin.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="IsGuard">Whether it is a guard.</param>
/// <param name="IsShadow">Whether it only shows what it would do.</param>
internal sealed record StepLabel(HookIdentity Identity, bool IsGuard, bool IsShadow);
