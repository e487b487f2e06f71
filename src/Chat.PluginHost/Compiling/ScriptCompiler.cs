using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using Chat.Plugins;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Scripts to assemblies. Each is compiled as a script whose globals are <see cref="IPluginContext"/>, but emitted and loaded like
/// a DLL: what Roslyn's own script runner loads can never be unloaded. Safe from any thread.
/// </summary>
internal sealed class ScriptCompiler
{
    /// <summary>The class a script becomes, and the method that runs it.</summary>
    public const string EntryType = "HookScript", EntryMethod = "<Factory>";

    private static readonly string[] _usings =
    [
        "System", "System.Collections.Generic", "System.Linq", "System.Text", "System.Text.RegularExpressions",
        "System.Threading", "System.Threading.Tasks",
        "Chat.Commands", "Chat.Events", "Chat.Hooks", "Chat.Plugins",
        "Chat.Hooks.HookResult", "Chat.Hooks.Verdict", "Chat.Commands.CommandResult",
    ];

    private static readonly string[] _references =
    [
        "System.Private.CoreLib", "System.Runtime", "netstandard", "System.Collections", "System.Collections.Concurrent",
        "System.Collections.Immutable", "System.Console", "System.Linq", "System.Linq.Expressions", "Microsoft.CSharp", "System.Memory",
        "System.Net.Http", "System.Net.Primitives", "System.Private.Uri", "System.Runtime.Extensions", "System.Text.Json",
        "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks",
    ];

    private readonly Lazy<ImmutableArray<MetadataReference>> _metadata = new(ReadMetadata);

    /// <summary>Compiles a script with all it loads.</summary>
    /// <param name="file">The script's absolute path.</param>
    /// <param name="assemblyName">The name of the assembly to make.</param>
    /// <param name="shorten">Makes a path short for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public CompiledScript Compile(string file, string assemblyName, Func<string, string> shorten, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(file)!;
        SourceText source;
        using (var stream = File.OpenRead(file))
            source = SourceText.From(stream, System.Text.Encoding.UTF8, canBeEmbedded: true);
        var tree = CSharpSyntaxTree.ParseText(
            source, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script), file, cancellationToken);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: EntryType,
            usings: _usings,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: false,
            sourceReferenceResolver: new SourceFileResolver([], folder),
            metadataReferenceResolver: ScriptMetadataResolver.Default.WithBaseDirectory(folder).WithSearchPaths(folder),
            nullableContextOptions: NullableContextOptions.Annotations);
        var compilation = CSharpCompilation.CreateScriptCompilation(
            assemblyName, tree, _metadata.Value, options, returnType: typeof(object), globalsType: typeof(IPluginContext));

        var files = compilation.SyntaxTrees.SelectMany(each => NamedFiles(each).Prepend(each.FilePath)).Distinct().ToList();
        if (compilation.SyntaxTrees.Select(each => RefusedReference(each, shorten)).FirstOrDefault(each => each is not null) is { } refused)
            return CompiledScript.Failed(files, [refused]);

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(
            assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        var libraries = Libraries(compilation);
        files.AddRange(libraries.Values.Except(files));
        if (!emitted.Success)
        {
            var errors = emitted.Diagnostics
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(diagnostic => Describe(diagnostic, file, shorten));
            return CompiledScript.Failed(files, [.. errors]);
        }

        return new CompiledScript(files, [], assembly.ToArray(), symbols.ToArray(), libraries);
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

    private static string Describe(Diagnostic diagnostic, string file, Func<string, string> shorten)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var path = string.IsNullOrEmpty(span.Path) ? file : span.Path;
        return $"{shorten(path)}:{span.StartLinePosition.Line + 1}:{span.StartLinePosition.Character + 1}: error {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    private static string? RefusedReference(SyntaxTree tree, Func<string, string> shorten)
    {
        foreach (var directive in ((CompilationUnitSyntax)tree.GetRoot()).GetReferenceDirectives())
        {
            if (!directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                continue;
            var line = directive.GetLocation().GetLineSpan().StartLinePosition;
            return $"{shorten(tree.FilePath)}:{line.Line + 1}:{line.Character + 1}: error: #r \"nuget: …\" is not supported: the host fetches nothing. Put the package's DLL beside the script and refer to that: #r \"Its.Name.dll\"";
        }

        return null;
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
        foreach (var assembly in _references.Select(Assembly.Load).Append(typeof(IPluginContext).Assembly))
        {
            if (assembly.TryGetRawMetadata(out var blob, out var length))
                references.Add(AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)blob, length)).GetReference(display: assembly.GetName().Name));
        }

        return references.ToImmutable();
    }
}
