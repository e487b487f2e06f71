using System.Runtime.CompilerServices;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Scripts to assemblies: from the cache when nothing has changed since they were compiled, else by the compiler, which is loaded
/// only then. Safe from any thread.
/// </summary>
/// <param name="cache">What has been compiled before; <see langword="null"/> for no cache.</param>
internal sealed class ScriptCompiler(ScriptCache? cache)
{
    /// <summary>The class a script becomes, and the method that runs it.</summary>
    public const string EntryType = "HookScript", EntryMethod = "<Factory>";

    private readonly Lazy<RoslynCompiler> _compiler = new();

    /// <summary>Compiles a script with all it loads.</summary>
    /// <param name="file">The script's absolute path.</param>
    /// <param name="assemblyName">The name of the assembly to make.</param>
    /// <param name="shorten">Makes a path short for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The script cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">The script may not be read.</exception>
    public CompiledScript Compile(string file, string assemblyName, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var source = new ScriptSource(file, assemblyName, ContentHash.Read(file));
        if (cache?.Find(source) is { } known)
            return known;
        var compiled = CompileAnew(source, shorten, cancellationToken);
        if (compiled.Errors.Count == 0)
            cache?.Keep(source, compiled);
        return compiled;
    }

    /// <summary>On its own, so that running the method before it does not load the compiler.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CompiledScript CompileAnew(ScriptSource source, Func<string, string> shorten, CancellationToken cancellationToken) =>
        _compiler.Value.Compile(source, shorten, cancellationToken);
}
