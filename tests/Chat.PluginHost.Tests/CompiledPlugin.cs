using Chat.Plugins;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.PluginHost.Tests;

/// <summary>Plugin DLLs compiled on the spot, for what is too small to be a project.</summary>
internal static class CompiledPlugin
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> _framework = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>The contract the host has.</summary>
    public static MetadataReference Contract { get; } = MetadataReference.CreateFromFile(
        typeof(IChatPlugin).Assembly.Location);

    /// <summary>A plugin class whose start runs these statements; <c>context</c> is in scope.</summary>
    public static byte[] Starting(
        string name, string statements, string members = "", string interfaces = "") => Compile(
        name,
        $$"""
        using System; using System.IO; using System.Threading; using System.Threading.Tasks;
        using Chat.Commands; using Chat.Events; using Chat.Hooks; using Chat.Plugins;
        using static Chat.Hooks.HookResult; using static Chat.Hooks.Verdict; using static Chat.Commands.CommandResult;
        public sealed class ThePlugin : IChatPlugin{{interfaces}}
        {
            {{members}}
            public async ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
            {
                await Task.CompletedTask;
                {{statements}}
            }
        }
        """,
        Contract);

    /// <summary>Any source, for any processor.</summary>
    public static byte[] Compile(string name, string source, params MetadataReference[] references) =>
        Compile(name, source, Platform.AnyCpu, references);

    /// <summary>Any source, for one processor.</summary>
    public static byte[] Compile(string name, string source, Platform platform, params MetadataReference[] references)
    {
        using var image = new MemoryStream();
        var emitted = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source)],
            [.. _framework.Value, .. references],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                platform: platform)).Emit(image);
        Assert.That(emitted.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error), Is.Empty);
        return image.ToArray();
    }
}
