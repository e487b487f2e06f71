using System.Collections.Immutable;
using System.Reflection.Metadata;
using Chat.Plugins;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Scripts to assemblies. Each is compiled as a script whose globals are <see cref="IPluginContext"/>, but emitted and loaded like
/// a DLL: what Roslyn's own script runner loads can never be unloaded. Compiled twice: as it was written, so that errors have the
/// places people see, and with checks woven in, which is what runs. Safe from any thread.
/// </summary>
internal sealed class RoslynCompiler
{
    private static readonly CSharpParseOptions _parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private readonly Lazy<ImmutableArray<MetadataReference>> _metadata = new(ReadMetadata);

    /// <summary>Compiles a script with all it loads.</summary>
    /// <param name="script">The script.</param>
    /// <param name="shorten">Makes a path short for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public CompiledScript Compile(ScriptSource script, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var diagnostics = new ScriptDiagnostics(script.File, shorten);
        var sources = new ScriptFiles(script.Folder);
        var libraries = new ScriptLibraries(script.Folder);
        var written = Compilation(script, ScriptFiles.Text(script.Content), sources, libraries, cancellationToken);

        var files = written.SyntaxTrees.SelectMany(each => NamedFiles(each).Prepend(each.FilePath)).Distinct().ToList();
        if (written.SyntaxTrees.Select(diagnostics.RefusedReference).FirstOrDefault(each => each is not null) is { } refused)
            return CompiledScript.Failed(files, [refused]);
        var wrong = diagnostics.Errors(written.GetDiagnostics(cancellationToken));
        var loaded = Libraries(written);
        files.AddRange(loaded.Values.Except(files));
        if (wrong.Count > 0)
            return CompiledScript.Failed(files, wrong);

        var hashes = new Dictionary<string, string>(sources.Hashes.Concat(libraries.Hashes)) { [script.File] = ContentHash.Of(script.Content) };
        files.AddRange(hashes.Keys.Except(files));
        var obstacle = "";
        foreach (var depth in (WeavingDepth[])[WeavingDepth.Expressions, WeavingDepth.Blocks, WeavingDepth.None])
        {
            // Should the weaver ever make something of it that does not compile, the script runs all the same.
            var compilation = depth == WeavingDepth.None ? written : Weave(script, written, sources, libraries, depth, cancellationToken);
            var (assembly, symbols, errors) = Emit(compilation, diagnostics, cancellationToken);
            if (errors.Count == 0)
                return new CompiledScript(files, [], assembly, symbols, loaded) { Hashes = hashes, Depth = depth, Obstacle = obstacle };
            obstacle = errors[0];
            wrong = errors;
        }

        return CompiledScript.Failed(files, wrong);
    }

    private static (byte[] Assembly, byte[] Symbols, IReadOnlyList<string> Errors) Emit(CSharpCompilation compilation, ScriptDiagnostics diagnostics, CancellationToken cancellationToken)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(
            assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        return emitted.Success ? (assembly.ToArray(), symbols.ToArray(), []) : ([], [], diagnostics.Errors(emitted.Diagnostics));
    }

    /// <summary>The files a script names with <c>#load</c> and <c>#r</c>, whether they are there yet or not.</summary>
    private static IEnumerable<string> NamedFiles(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var folder = Path.GetDirectoryName(tree.FilePath)!;
        return root.GetLoadDirectives().Select(directive => directive.File.ValueText)
            .Concat(root.GetReferenceDirectives().Select(directive => directive.File.ValueText)
                .Where(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            .Where(name => name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal))
            .Select(name => Path.GetFullPath(name, folder));
    }

    /// <summary>The DLLs the script asks for with <c>#r</c>: assembly name to file.</summary>
    private static Dictionary<string, string> Libraries(CSharpCompilation compilation)
    {
        var libraries = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var reference in compilation.DirectiveReferences.OfType<PortableExecutableReference>())
        {
            if (reference.FilePath is { } path && compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol symbol)
                libraries[symbol.Identity.Name] = path;
        }

        return libraries;
    }

    /// <summary>Read from the loaded assemblies' own memory, once: works without files too, and a compilation then takes milliseconds.</summary>
    private static unsafe ImmutableArray<MetadataReference> ReadMetadata()
    {
        var references = ImmutableArray.CreateBuilder<MetadataReference>();
        foreach (var assembly in DefaultReferences.Load())
        {
            if (assembly.TryGetRawMetadata(out var blob, out var length))
                references.Add(AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)blob, length)).GetReference(display: assembly.GetName().Name));
        }

        return references.ToImmutable();
    }

    private CSharpCompilation Weave(
        ScriptSource script, CSharpCompilation written, ScriptFiles sources, ScriptLibraries libraries, WeavingDepth depth, CancellationToken cancellationToken)
    {
        var woven = written.SyntaxTrees.ToDictionary(
            tree => tree.FilePath, tree => ScriptWeaver.Weave(tree, written, tree.FilePath == script.File, depth, cancellationToken), StringComparer.Ordinal);
        return Compilation(script, woven[script.File], sources.With(woven), libraries, cancellationToken);
    }

    private CSharpCompilation Compilation(
        ScriptSource script, SourceText text, ScriptFiles sources, ScriptLibraries libraries, CancellationToken cancellationToken) =>
        CSharpCompilation.CreateScriptCompilation(
            script.AssemblyName,
            CSharpSyntaxTree.ParseText(text, _parsing, script.File, cancellationToken),
            _metadata.Value,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                scriptClassName: ScriptCompiler.EntryType,
                usings: DefaultReferences.Usings,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: false,
                sourceReferenceResolver: sources,
                metadataReferenceResolver: libraries,
                nullableContextOptions: NullableContextOptions.Annotations),
            returnType: typeof(object),
            globalsType: typeof(IPluginContext));
}
