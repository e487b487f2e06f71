using System.Collections.Concurrent;
using System.Reflection;

namespace Chat.PluginHost.Versions;

/// <summary>Finds the entry point of a plugin's code, and runs it.</summary>
internal static class PluginActivator
{
    private static readonly Type[] _hooks = [typeof(IMessageHook), typeof(IMessageGuard), typeof(IMessageObserver)];

    /// <summary>Runs a script once, or creates and starts a DLL's plugin classes.</summary>
    public static async Task StartAsync(
        PluginSource source, Assembly assembly, PluginContext context, ConcurrentQueue<object> made,
        CancellationToken cancellationToken)
    {
        if (source.Kind == PluginKind.Script)
        {
            const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            var factory = assembly.GetType(ScriptCompiler.EntryType)!.GetMethod(ScriptCompiler.EntryMethod, Any)!;
            await factory.CreateDelegate<Func<object?[], Task<object>>>()([context, null]).ConfigureAwait(false);
            return;
        }

        foreach (var type in PluginTypes(source, assembly))
        {
            var instance = Activator.CreateInstance(type)!;
            made.Enqueue(instance);
            if (instance is IChatPlugin plugin)
                await plugin.StartAsync(context, cancellationToken).ConfigureAwait(false);
            else
                context.AddHook(instance);
        }
    }

    /// <summary>The plugin classes; if a DLL has none, its bare hook classes.</summary>
    private static IReadOnlyList<Type> PluginTypes(PluginSource source, Assembly assembly)
    {
        List<Type> types;
        try
        {
            types = [.. assembly.GetExportedTypes().Where(IsConcreteClass)];
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or TypeLoadException)
        {
            throw new PluginLoadException(
                source.Source, $"something it needs is missing: {exception.Message}",
                "Put the missing DLL into the plugin's folder.", exception);
        }

        var plugins = types.Where(typeof(IChatPlugin).IsAssignableFrom).ToList();
        if (plugins.Count == 0)
            plugins = [.. types.Where(type => Array.Exists(_hooks, hook => hook.IsAssignableFrom(type)))];
        if (plugins.Count == 0)
            throw new PluginLoadException([LoadRules.NoPlugin(source.Source)]);
        return plugins.Find(type => type.GetConstructor(Type.EmptyTypes) is null) is { } closed
            ? throw new PluginLoadException([LoadRules.NoConstructor(source.Source, closed.FullName!)])
            : plugins;
    }

    private static bool IsConcreteClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false };
}
