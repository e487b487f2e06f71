using System.Diagnostics;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>
/// A plugin's handler for missing assemblies that asks for another missing one, and so on. The runtime lets it go on until the stack
/// is full, which ends the process; this ends it with an exception long before.
/// </summary>
internal static class ResolveLoop
{
    /// <summary>Nobody's stack is so deep without a reason; deeper ones are looked at closely.</summary>
    private const int DeepStack = 200;

    /// <summary>Handlers within handlers. Two or three may be in good faith.</summary>
    private const int MaxHandlers = 40;

    /// <summary>Throws when the assembly that is asked for is asked for in such a loop.</summary>
    /// <exception cref="FileLoadException">It is.</exception>
    public static void Check(string? assembly)
    {
        var stack = new StackTrace(fNeedFileInfo: false);
        if (stack.FrameCount > DeepStack && stack.GetFrames().Count(frame => frame.GetMethod()?.DeclaringType == typeof(AssemblyLoadContext)) > MaxHandlers)
            throw new FileLoadException($"Handlers for missing assemblies ask for one another without end, for {assembly} at last.", assembly);
    }
}
