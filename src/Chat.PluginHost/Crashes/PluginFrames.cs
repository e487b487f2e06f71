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

    /// <summary>The id of the plugin that an assembly is the main one of: a script's is named as if its file were named by its id.</summary>
    public static string PluginId(Assembly plugin)
    {
        const string Script = ".csx";
        var name = plugin.GetName().Name ?? "";
        return name.EndsWith(Script, StringComparison.Ordinal) ? name[..^Script.Length] : name;
    }
}
