using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>Compiles scripts to assemblies. Each is compiled as a script whose globals are
/// <see cref="IPluginContext"/>, but emitted and loaded like a DLL: an assembly that Roslyn's own script runner loads
/// can never be unloaded. The assembly that runs has checks in it; a script that does not compile is compiled as it was
/// written, so that errors have the places people see. Safe from any thread.</summary>
internal sealed class RoslynCompiler
{
    private static readonly CSharpParseOptions _parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Read once, from the memory they are loaded in: a compilation then takes milliseconds.</summary>
    private readonly Lazy<ImmutableArray<MetadataReference>> _metadata = new(
        () => [.. DefaultReferences.Load().Select(PlatformReferences.FromMemory).OfType<MetadataReference>()]);

    private readonly PlatformReferences _platform = new(Path.GetDirectoryName(typeof(object).Assembly.Location));

    /// <summary>Compiles a script with all files it loads. <paramref name="shorten"/> shortens a path for
    /// messages.</summary>
    public CompiledScript Compile(
        ScriptSource script, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var diagnostics = new ScriptDiagnostics(script.File, shorten);
        var sources = new ScriptFiles(script.Folder);
        var libraries = new ScriptLibraries(script.Folder, _platform);
        var main = Parse(script, sources.Decode(script.File, script.Content), cancellationToken);
        var written = Compilation(script, main, sources, libraries);

        var files = written.SyntaxTrees.SelectMany(each => NamedFiles(each).Prepend(each.FilePath)).Distinct().ToList();
        List<LoadProblem> refused = [.. sources.NotUtf8.Select(diagnostics.Describe)];
        if (refused.Count == 0)
            refused = [.. written.SyntaxTrees.Select(diagnostics.RefusedReference).OfType<LoadProblem>().Take(1)];
        if (refused.Count > 0)
            return CompiledScript.Failed(files, refused);
        var loaded = Libraries(written);
        var hashes = new Dictionary<string, string>(sources.Hashes.UnionBy(libraries.Hashes, each => each.Key))
        {
            [script.File] = ContentHash.Of(script.Content),
        };
        files.AddRange(hashes.Keys.Except(files));

        // Either the script has errors, or only the checks in it do not compile: then it runs without them.
        var made = WithChecks();
        var plain = made.Errors.Count == 0 ? made : Emit(written);
        return plain.Errors.Count > 0
            ? CompiledScript.Failed(files, plain.Errors)
            : new CompiledScript(files, [], plain.Assembly, plain.Symbols, loaded)
            {
                Hashes = hashes,
                Obstacle = made.Errors.Count > 0 ? made.Errors[0].ToString() : "",
            };

        Emitted WithChecks()
        {
            if (diagnostics.Errors(written.GetParseDiagnostics(cancellationToken)) is { Count: > 0 } errors)
                return new Emitted([], [], errors);
            var others = written.SyntaxTrees.Where(tree => tree != main)
                .ToDictionary(tree => tree.FilePath, tree => Instrument(tree, isMain: false), StringComparer.Ordinal);
            var instrumented = Parse(script, Instrument(main, isMain: true), cancellationToken);
            return Emit(Compilation(script, instrumented, sources.With(others), libraries));
        }

        SourceText Instrument(SyntaxTree tree, bool isMain) =>
            ScriptInstrumenter.Instrument(tree, written, isMain, cancellationToken);

        Emitted Emit(CSharpCompilation compilation)
        {
            var level = ExactLines.NeedNoOptimization(written, cancellationToken)
                ? OptimizationLevel.Debug
                : OptimizationLevel.Release;
            using var assembly = new MemoryStream();
            using var symbols = new MemoryStream();
            var emitted = compilation.WithOptions(compilation.Options.WithOptimizationLevel(level)).Emit(
                assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
                cancellationToken: cancellationToken);
            if (!emitted.Success)
                return new Emitted([], [], diagnostics.Errors(emitted.Diagnostics));
            var made = new Emitted(assembly.ToArray(), symbols.ToArray(), []);
            ExactLines.Mark(made.Assembly, made.Symbols);
            return made;
        }
    }

    /// <summary>The files a script names with <c>#load</c> and <c>#r</c>, whether they exist yet or not.</summary>
    private static IEnumerable<string> NamedFiles(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var folder = Path.GetDirectoryName(tree.FilePath)!;
        return root.GetLoadDirectives().Select(directive => directive.File.ValueText)
            .Concat(root.GetReferenceDirectives().Select(directive => directive.File.ValueText)
                .Where(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            .Where(name => name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal))
            .Select(name => ScriptPath.Full(name, folder));
    }

    /// <summary>The DLLs the script refers to with <c>#r</c>: assembly name to file.</summary>
    private static Dictionary<string, string> Libraries(CSharpCompilation compilation)
    {
        var libraries = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var reference in compilation.DirectiveReferences.OfType<PortableExecutableReference>())
        {
            if (reference.FilePath is { } path
                && compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol symbol)
                libraries[symbol.Identity.Name] = path;
        }

        return libraries;
    }

    private static SyntaxTree Parse(ScriptSource script, SourceText text, CancellationToken cancellationToken) =>
        CSharpSyntaxTree.ParseText(text, _parsing, script.File, cancellationToken);

    private CSharpCompilation Compilation(
        ScriptSource script, SyntaxTree main, ScriptFiles sources, ScriptLibraries libraries) =>
        CSharpCompilation.CreateScriptCompilation(
            script.AssemblyName, main, _metadata.Value,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, scriptClassName: ScriptCompiler.EntryType,
                usings: DefaultReferences.Usings, optimizationLevel: OptimizationLevel.Release, allowUnsafe: false,
                sourceReferenceResolver: sources, metadataReferenceResolver: libraries,
                nullableContextOptions: NullableContextOptions.Annotations),
            returnType: typeof(object), globalsType: typeof(IPluginContext));

    private sealed record Emitted(byte[] Assembly, byte[] Symbols, IReadOnlyList<LoadProblem> Errors);
}
