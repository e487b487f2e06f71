using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Tests;

/// <summary>The load contexts of plugins that are in memory, found without keeping them there.</summary>
internal static class LoadContexts
{
    /// <summary>The contexts of all plugins with a file name.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static List<WeakReference<AssemblyLoadContext>> Of(string source) =>
        [.. AssemblyLoadContext.All.Where(each => IsOf(each, source)).Select(Track)];

    /// <summary>The one context of a plugin with a file name that was not known before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WeakReference<AssemblyLoadContext> New(string source, List<WeakReference<AssemblyLoadContext>> before)
    {
        var known = before.Select(each => each.TryGetTarget(out var context) ? context : null).ToList();
        return Track(AssemblyLoadContext.All.Single(each => IsOf(each, source) && !known.Contains(each)));
    }

    /// <summary>Whether collecting removes a context from memory.</summary>
    public static bool IsCollected(WeakReference<AssemblyLoadContext> context) =>
        IsCollected(() => !context.TryGetTarget(out _));

    /// <summary>Whether collecting makes a condition true.</summary>
    public static bool IsCollected(Func<bool> isGone)
    {
        for (var round = 0; round < 10; round++)
        {
            Collect();
            if (isGone())
                return true;
        }

        return false;
    }

    /// <summary>One full collection.</summary>
    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>A plugin's context has the name of its file without the extension.</summary>
    private static bool IsOf(AssemblyLoadContext context, string source) =>
        context.IsCollectible && context.Name == Path.GetFileNameWithoutExtension(source);

    private static WeakReference<AssemblyLoadContext> Track(AssemblyLoadContext context) =>
        new(context, trackResurrection: true);
}
