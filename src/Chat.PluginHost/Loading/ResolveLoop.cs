using System.Diagnostics;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>Stops a plugin's handlers for missing assemblies that ask for one another without end. The runtime would
/// let them go on until the stack overflows, which ends the process; an exception ends them long before.</summary>
internal static class ResolveLoop
{
    /// <summary>Frames. Only a deeper stack is examined, since examining is slow.</summary>
    private const int DeepStack = 200;

    /// <summary>Handlers within handlers. Two or three may be intended.</summary>
    private const int MaxHandlers = 40;

    /// <summary>Throws if an assembly is asked for in such a loop.</summary>
    /// <exception cref="FileLoadException">It is.</exception>
    public static void Check(string? assembly)
    {
        var stack = new StackTrace(fNeedFileInfo: false);
        if (stack.FrameCount <= DeepStack
            || stack.GetFrames().Count(IsOfContext) <= MaxHandlers)
            return;
        throw new FileLoadException(
            $"Handlers for missing assemblies ask for one another without end, the last time for {assembly}.",
            assembly);

        static bool IsOfContext(StackFrame frame) => frame.GetMethod()?.DeclaringType == typeof(AssemblyLoadContext);
    }
}
