using Chat.Hooks;

namespace Chat.Engine.Registrations;

/// <summary>A hook or a guard as it was registered.</summary>
/// <param name="Hook">The hook; <see langword="null"/> for a guard.</param>
/// <param name="Guard">The guard; <see langword="null"/> for a hook.</param>
/// <param name="Id">Its id.</param>
/// <param name="Options">Where and when it acts, as its owner has it.</param>
internal sealed record RegisteredHook(IMessageHook? Hook, IMessageGuard? Guard, string Id, HookOptions Options);
