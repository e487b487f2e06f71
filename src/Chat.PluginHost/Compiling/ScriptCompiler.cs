using System.Runtime.CompilerServices;

namespace Chat.PluginHost.Compiling;

/// <summary>Makes assemblies of scripts: from the cache if nothing has changed since they were compiled, else with the
/// compiler, which is loaded only then. Safe from any thread.</summary>
/// <param name="cache">Scripts compiled before; <see langword="null"/> for no cache.</param>
internal sealed class ScriptCompiler(ScriptCache? cache)
{
    /// <summary>The class a script becomes, and the method that runs it.</summary>
    public const string EntryType = CancellationCheck.ScriptType, EntryMethod = "<Factory>";

    private readonly Lazy<RoslynCompiler> _compiler = new();

    /// <summary>Compiles a script, a file by its absolute path, with all files it loads. <paramref name="shorten"/>
    /// shortens a path for messages.</summary>
    /// <exception cref="IOException">The script cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">The script must not be read.</exception>
    public CompiledScript Compile(
        string file, string assemblyName, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var source = new ScriptSource(file, assemblyName, ContentHash.Read(file));
        if (cache?.Find(source) is { } known)
            return known;
        var compiled = CompileAnew(source, shorten, cancellationToken);
        if (compiled.Errors.Count == 0)
            cache?.Keep(source, compiled);
        return compiled;
    }

    /// <summary>Not inlined, so that entering the caller does not load the compiler.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CompiledScript CompileAnew(
        ScriptSource source, Func<string, string> shorten, CancellationToken cancellationToken) =>
        _compiler.Value.Compile(source, shorten, cancellationToken);
}
