namespace Chat.PluginHost.Doctor;

/// <summary>One file that a <c>deps.json</c> names.</summary>
/// <param name="Library">The library it belongs to.</param>
/// <param name="Runtime">The machines it is for; empty for any.</param>
/// <param name="Path">Where it lies, from the plugin's folder.</param>
internal sealed record DependencyAsset(string Library, string Runtime, string Path)
{
    /// <summary>Whether it is for this machine.</summary>
    public bool IsForHere => RuntimeIdentifiers.Here.Contains(Runtime, StringComparer.OrdinalIgnoreCase);
}
