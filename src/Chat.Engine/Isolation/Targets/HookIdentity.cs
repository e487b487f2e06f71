namespace Chat.Engine.Isolation.Targets;

/// <summary>Identifies a hook, guard, observer, command or timer.</summary>
/// <param name="Kind"><c>Hook</c>, <c>Guard</c>, <c>Observer</c>, <c>Command</c> or <c>Timer</c>.</param>
/// <param name="Id">The id, unique in the server.</param>
/// <param name="Owner">The plugin it belongs to.</param>
/// <param name="Source">The file name that the plugin was loaded from.</param>
/// <param name="Version">The version of the plugin; 0 if it has none.</param>
internal sealed record HookIdentity(string Kind, string Id, string Owner, string Source, int Version = 0)
{
    /// <summary>Whether it belongs to the pipeline, where lines pass through it or bypass it while it is
    /// disabled.</summary>
    public bool IsOfPipeline => Kind is "Hook" or "Guard";
}
