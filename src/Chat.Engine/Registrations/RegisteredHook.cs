namespace Chat.Engine.Registrations;

/// <summary>A hook or guard as registered.</summary>
/// <param name="Hook">The hook; <see langword="null"/> for a guard.</param>
/// <param name="Guard">The guard; <see langword="null"/> for a hook.</param>
/// <param name="Id">The id of the hook or guard.</param>
/// <param name="Options">Where and when it acts, as its owner specified.</param>
internal sealed record RegisteredHook(IMessageHook? Hook, IMessageGuard? Guard, string Id, HookOptions Options);
