using System.Collections.Concurrent;
using System.Reflection;
using Chat.Hooks;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Context;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;
using Chat.Plugins;

namespace Chat.PluginHost.Versions;

/// <summary>Finds where a plugin's code begins, and begins it.</summary>
internal static class PluginActivator
{
    /// <summary>Runs a script once, or makes and starts a DLL's plugin classes.</summary>
    /// <param name="unit">The plugin as it lies in the folder.</param>
    /// <param name="assembly">Its assembly.</param>
    /// <param name="context">Its way into the host.</param>
    /// <param name="made">Takes the objects made, each before it starts: they are disposed when the plugin is removed, and when it fails to start.</param>
    /// <param name="cancellationToken">Set when the host gives up waiting.</param>
    public static async Task StartAsync(PluginSource unit, Assembly assembly, PluginContext context, ConcurrentQueue<object> made, CancellationToken cancellationToken)
    {
        if (unit.Kind == PluginKind.Script)
        {
            var factory = assembly.GetType(ScriptCompiler.EntryType)!.GetMethod(ScriptCompiler.EntryMethod, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
            await factory.CreateDelegate<Func<object?[], Task<object>>>()([context, null]).ConfigureAwait(false);
            return;
        }

        foreach (var type in PluginTypes(unit, assembly))
        {
            var instance = Activator.CreateInstance(type)!;
            made.Enqueue(instance);
            if (instance is IChatPlugin plugin)
                await plugin.StartAsync(context, cancellationToken).ConfigureAwait(false);
            else
                context.AddHook(instance);
        }
    }

    /// <summary>The plugin classes; in a DLL that has none, its bare hook classes.</summary>
    private static IReadOnlyList<Type> PluginTypes(PluginSource unit, Assembly assembly)
    {
        List<Type> types;
        try
        {
            types = [.. assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false })];
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or TypeLoadException)
        {
            throw new PluginLoadException($"{unit.Source}: something it needs is missing: {exception.Message} Put the missing DLL into the plugin's folder.", exception);
        }

        var plugins = types.Where(typeof(IChatPlugin).IsAssignableFrom).ToList();
        if (plugins.Count == 0)
            plugins = [.. types.Where(type => Array.Exists([typeof(IMessageHook), typeof(IMessageGuard), typeof(IMessageObserver)], hook => hook.IsAssignableFrom(type)))];
        if (plugins.Count == 0)
            throw new PluginLoadException($"{unit.Source}: there is no plugin in it. Add a public class that implements IChatPlugin (or IMessageHook, IMessageGuard, IMessageObserver).");
        if (plugins.Find(type => type.GetConstructor(Type.EmptyTypes) is null) is { } closed)
            throw new PluginLoadException($"{unit.Source}: {closed.FullName} has no public constructor without parameters. Add one; what the plugin needs comes with StartAsync.");
        return plugins;
    }
}
