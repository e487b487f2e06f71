using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Tests;

/// <summary>What of plugins' code is in memory, asked without keeping it there.</summary>
internal static class LoadContexts
{
    /// <summary>The contexts of all plugins of a file name.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static List<WeakReference<AssemblyLoadContext>> Of(string source) =>
        [.. AssemblyLoadContext.All.Where(each => each.Name == source).Select(each => new WeakReference<AssemblyLoadContext>(each, trackResurrection: true))];

    /// <summary>The one context of a file name that was not known before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WeakReference<AssemblyLoadContext> New(string source, List<WeakReference<AssemblyLoadContext>> before)
    {
        var known = before.Select(each => each.TryGetTarget(out var context) ? context : null).ToList();
        var context = AssemblyLoadContext.All.Single(each => each.Name == source && !known.Contains(each));
        return new WeakReference<AssemblyLoadContext>(context, trackResurrection: true);
    }

    /// <summary>Whether collecting takes it away.</summary>
    public static bool IsCollected(WeakReference<AssemblyLoadContext> context) => IsCollected(() => !context.TryGetTarget(out _));

    /// <summary>Whether collecting makes it so.</summary>
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
}
