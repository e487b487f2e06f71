namespace Chat.Engine.Registrations;

/// <summary>The settings applied to registered hooks and commands.</summary>
/// <param name="Calls">Budgets and fault limits.</param>
/// <param name="Overrides">The operator's overrides by hook id.</param>
/// <param name="MaxMessageBytes">The longest text a hook may return, in bytes of UTF-8.</param>
internal sealed record RegistrationSettings(
    CallLimits Calls, IReadOnlyDictionary<string, HookOverride> Overrides, int MaxMessageBytes);
