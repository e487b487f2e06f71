using System.Reflection;
using System.Reflection.Metadata;
using System.Text.Json;
using Chat.PluginHost.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Loading;

/// <summary>
/// Caches of the framework that keep the types they have seen for ever, and with a plugin's type the plugin. They are emptied by
/// the methods that the framework has for hot reload; what still needs them fills them anew.
/// </summary>
internal sealed class FrameworkCaches(ILogger logger)
{
    private const string ClearMethod = "ClearCache";

    private readonly IReadOnlyList<Action<Type[]?>> _clear = Find(typeof(JsonSerializer).Assembly);
    private int _failures;

    /// <summary>Empties the caches. Never throws; the first failure is logged.</summary>
    public void Clear()
    {
        if (_clear.Count == 0)
            Fail($"{typeof(JsonSerializer).Assembly.GetName().Name} has no {ClearMethod} method any more.");
        foreach (var clear in _clear)
        {
            try
            {
                clear(null);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or NotSupportedException or NullReferenceException or MemberAccessException)
            {
                Fail(exception.Message);
            }
        }
    }

    private static List<Action<Type[]?>> Find(Assembly assembly) =>
        [.. assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>()
            .Select(handler => handler.HandlerType.GetMethod(ClearMethod, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])]))
            .OfType<MethodInfo>()
            .Where(method => method.ReturnType == typeof(void))
            .Select(method => method.CreateDelegate<Action<Type[]?>>())];

    private void Fail(string error)
    {
        if (Interlocked.Increment(ref _failures) == 1)
            PluginLog.CacheNotCleared(logger, error);
    }
}
