namespace Chat.Engine.Hooks;

/// <summary>Who a hook is.</summary>
/// <param name="Kind"><c>Hook</c>, <c>Guard</c>, <c>Observer</c> or <c>Command</c>.</param>
/// <param name="Id">Its id, unique in the server.</param>
/// <param name="Owner">The plugin it belongs to.</param>
/// <param name="Source">What the plugin was loaded from, as people know it: a file's name.</param>
internal sealed record HookIdentity(string Kind, string Id, string Owner, string Source);
