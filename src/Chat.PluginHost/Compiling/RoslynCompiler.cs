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
/// a DLL: what Roslyn's own script runner loads can never be unloaded. What runs has checks woven in. What does not compile is compiled
/// as it was written, so that errors have the places people see. Safe from any thread.
/// </summary>
internal sealed class RoslynCompiler
{
    private static readonly CSharpParseOptions _parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private readonly Lazy<ImmutableArray<MetadataReference>> _metadata = new(ReadMetadata);
    private readonly PlatformReferences _platform = new();

    /// <summary>Compiles a script with all it loads.</summary>
    /// <param name="script">The script.</param>
    /// <param name="shorten">Makes a path short for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public CompiledScript Compile(ScriptSource script, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var diagnostics = new ScriptDiagnostics(script.File, shorten);
        var sources = new ScriptFiles(script.Folder);
        var libraries = new ScriptLibraries(script.Folder, _platform);
        var main = Parse(script, ScriptFiles.Text(script.Content), cancellationToken);
        var written = Compilation(script, main, sources, libraries);

        var files = written.SyntaxTrees.SelectMany(each => NamedFiles(each).Prepend(each.FilePath)).Distinct().ToList();
        if (written.SyntaxTrees.Select(diagnostics.RefusedReference).FirstOrDefault(each => each is not null) is { } refused)
            return CompiledScript.Failed(files, [refused]);
        var loaded = Libraries(written);
        var hashes = new Dictionary<string, string>(sources.Hashes.UnionBy(libraries.Hashes, each => each.Key)) { [script.File] = ContentHash.Of(script.Content) };
        files.AddRange(hashes.Keys.Except(files));

        var level = ExactLines.NeedNoOptimization(written, cancellationToken) ? OptimizationLevel.Debug : OptimizationLevel.Release;
        var made = Checked(InstrumentationLevel.Expressions) is { Errors.Count: 0 } all ? all : AsWritten();
        return made.Errors.Count > 0
            ? CompiledScript.Failed(files, made.Errors)
            : new CompiledScript(files, [], made.Assembly, made.Symbols, loaded) { Hashes = hashes, Depth = made.Depth, Obstacle = made.Obstacle };

        // It has no errors, or has them where people see them; should the checks alone not compile, it runs with fewer or none.
        Emitted AsWritten()
        {
            var plain = Emit(written, level, InstrumentationLevel.None, diagnostics, cancellationToken);
            if (plain.Errors.Count > 0)
                return plain;
            var some = Checked(InstrumentationLevel.Blocks);
            return some.Errors.Count == 0 ? some : plain with { Obstacle = some.Errors[0] };
        }

        Emitted Checked(InstrumentationLevel depth) => diagnostics.Errors(written.GetParseDiagnostics(cancellationToken)) is { Count: > 0 } errors
            ? new Emitted([], [], errors, depth)
            : Emit(Weave(script, main, written, sources, libraries, depth, cancellationToken), level, depth, diagnostics, cancellationToken);
    }

    private static Emitted Emit(
        CSharpCompilation compilation, OptimizationLevel level, InstrumentationLevel depth, ScriptDiagnostics diagnostics, CancellationToken cancellationToken)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.WithOptions(compilation.Options.WithOptimizationLevel(level)).Emit(
            assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        if (!emitted.Success)
            return new Emitted([], [], diagnostics.Errors(emitted.Diagnostics), depth);
        var made = new Emitted(assembly.ToArray(), symbols.ToArray(), [], depth);
        ExactLines.Mark(made.Assembly, made.Symbols);
        return made;
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

    private static SyntaxTree Parse(ScriptSource script, SourceText text, CancellationToken cancellationToken) =>
        CSharpSyntaxTree.ParseText(text, _parsing, script.File, cancellationToken);

    private CSharpCompilation Weave(
        ScriptSource script, SyntaxTree main, CSharpCompilation written, ScriptFiles sources, ScriptLibraries libraries, InstrumentationLevel depth, CancellationToken cancellationToken)
    {
        var woven = new Dictionary<string, SourceText>(StringComparer.Ordinal);
        foreach (var loaded in written.SyntaxTrees.Where(tree => tree != main))
            woven[loaded.FilePath] = ScriptInstrumenter.Weave(loaded, written, isMain: false, depth, cancellationToken);
        var text = ScriptInstrumenter.Weave(main, written, isMain: true, depth, cancellationToken);
        return Compilation(script, Parse(script, text, cancellationToken), sources.With(woven), libraries);
    }

    private CSharpCompilation Compilation(ScriptSource script, SyntaxTree main, ScriptFiles sources, ScriptLibraries libraries) =>
        CSharpCompilation.CreateScriptCompilation(
            script.AssemblyName,
            main,
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

    private sealed record Emitted(byte[] Assembly, byte[] Symbols, IReadOnlyList<string> Errors, InstrumentationLevel Depth)
    {
        public string Obstacle { get; init; } = "";
    }
}
