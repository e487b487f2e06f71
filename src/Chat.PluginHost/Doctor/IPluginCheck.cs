namespace Chat.PluginHost.Doctor;

/// <summary>Looks for one kind of mistake in a plugin, without running any of its code.</summary>
internal interface IPluginCheck
{
    /// <summary>Looks.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>What was found; nothing when all is well.</returns>
    IEnumerable<Finding> Check(CheckedPlugin plugin);
}
