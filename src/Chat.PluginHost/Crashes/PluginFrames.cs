using System.Diagnostics;
using System.Reflection;

namespace Chat.PluginHost.Crashes;

/// <summary>Finds the plugin code on a stack.</summary>
internal static class PluginFrames
{
    /// <summary>The innermost plugin code on a stack.</summary>
    /// <returns>Its assembly; <see langword="null"/> if there is no plugin code on the stack.</returns>
    public static Assembly? Innermost(StackTrace stack) => stack.GetFrames()
        .Select(frame => frame.GetMethod()?.Module.Assembly)
        .FirstOrDefault(assembly => assembly is { IsCollectible: true });
}
