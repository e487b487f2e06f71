namespace Chat.Engine.Isolation.Targets;

/// <summary>Who a hook is.</summary>
/// <param name="Kind"><c>Hook</c>, <c>Guard</c>, <c>Observer</c>, <c>Command</c> or <c>Timer</c>.</param>
/// <param name="Id">Its id, unique in the server.</param>
/// <param name="Owner">The plugin it belongs to.</param>
/// <param name="Source">What the plugin was loaded from, as people know it: a file's name.</param>
/// <param name="Version">Which version of the plugin it belongs to; 0 when it has none.</param>
internal sealed record HookIdentity(string Kind, string Id, string Owner, string Source, int Version = 0)
{
    /// <summary>Whether lines go through it, and can go past it.</summary>
    public bool IsOfPipeline => Kind is "Hook" or "Guard";
}
