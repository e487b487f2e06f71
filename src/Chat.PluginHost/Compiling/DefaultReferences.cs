using System.Reflection;

namespace Chat.PluginHost.Compiling;

/// <summary>The assemblies and namespaces that every script can use without naming them.</summary>
internal static class DefaultReferences
{
    private static readonly string[] _assemblies =
    [
        "System.Private.CoreLib", "System.Runtime", "netstandard", "System.Collections",
        "System.Collections.Concurrent", "System.Collections.Immutable", "System.Console", "System.Linq",
        "System.Linq.Expressions", "Microsoft.CSharp", "System.Memory", "System.Net.Http", "System.Net.Http.Json",
        "System.Net.Primitives", "System.Private.Uri", "System.Runtime.Extensions", "System.Text.Json",
        "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks",
    ];

    /// <summary>Namespaces, and classes whose static members are in scope by their simple names.</summary>
    public static IReadOnlyList<string> Usings { get; } =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json",
        "System.Text", "System.Text.RegularExpressions",
        "System.Threading", "System.Threading.Tasks",
        "Chat.Commands", "Chat.Events", "Chat.Hooks", "Chat.Plugins",
        "Chat.Hooks.HookResult", "Chat.Hooks.Verdict", "Chat.Commands.CommandResult",
    ];

    /// <summary>The assemblies, including the contract.</summary>
    public static IEnumerable<Assembly> Load() =>
        _assemblies.Select(Assembly.Load).Append(typeof(IPluginContext).Assembly);
}
