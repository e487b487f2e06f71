using System.Reflection;
using System.Reflection.Metadata;
using System.Text.Json;

namespace Chat.PluginHost.Loading;

/// <summary>Caches of the framework that keep every type they have seen, and with a plugin's type the plugin. They are
/// cleared by the methods the framework has for hot reload, and fill again as needed. Safe from any thread.</summary>
internal sealed class FrameworkCaches(ILogger logger)
{
    private const string ClearMethod = "ClearCache";

    private readonly IReadOnlyList<Action<Type[]?>> _clear = Find(typeof(JsonSerializer).Assembly);
    private int _failures;

    /// <summary>Clears the caches. Never throws; the first failure is logged.</summary>
    public void Clear()
    {
        if (_clear.Count == 0)
            Fail($"{typeof(JsonSerializer).Assembly.GetName().Name} no longer has a {ClearMethod} method.");
        foreach (var clear in _clear)
        {
            try
            {
                clear(null);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException
                or NotSupportedException or NullReferenceException or MemberAccessException)
            {
                Fail(exception.Message);
            }
        }
    }

    private static List<Action<Type[]?>> Find(Assembly assembly)
    {
        const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return [.. assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>()
            .Select(handler => handler.HandlerType.GetMethod(ClearMethod, AnyStatic, [typeof(Type[])]))
            .OfType<MethodInfo>()
            .Where(method => method.ReturnType == typeof(void))
            .Select(method => method.CreateDelegate<Action<Type[]?>>())];
    }

    private void Fail(string error)
    {
        if (Interlocked.Increment(ref _failures) == 1)
            PluginLog.CacheNotCleared(logger, error);
    }
}
