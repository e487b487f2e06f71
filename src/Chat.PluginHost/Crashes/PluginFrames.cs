using System.Diagnostics;
using System.Reflection;

namespace Chat.PluginHost.Crashes;

/// <summary>Whose code a stack goes through.</summary>
internal static class PluginFrames
{
    /// <summary>The plugin code that a stack was in last.</summary>
    /// <returns>Its assembly; <see langword="null"/> when nothing of a plugin's is on the stack.</returns>
    public static Assembly? Innermost(StackTrace stack) => stack.GetFrames()
        .Select(frame => frame.GetMethod()?.Module.Assembly)
        .FirstOrDefault(assembly => assembly is { IsCollectible: true });
}
