using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Chat.PluginHost.Compiling;

/// <summary>What is wrong with a script, for people.</summary>
/// <param name="file">The script; for what has no place of its own.</param>
/// <param name="shorten">Makes a path short for people.</param>
internal sealed class ScriptDiagnostics(string file, Func<string, string> shorten)
{
    /// <summary>More errors than this are not for reading: a file that is no script at all has thousands.</summary>
    private const int MostErrors = 10, LongestMessage = 200;

    /// <summary>The first errors among diagnostics, in the order of their places.</summary>
    public IReadOnlyList<string> Errors(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ToList();
        var told = errors.Take(MostErrors).Select(Describe).ToList();
        if (errors.Count > MostErrors)
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{shorten(file)}: and {errors.Count - MostErrors} more errors."));
        return told;
    }

    /// <summary>What is said about the first <c>#r "nuget: …"</c> in a file, if there is one.</summary>
    public string? RefusedReference(SyntaxTree tree)
    {
        foreach (var directive in ((CompilationUnitSyntax)tree.GetRoot()).GetReferenceDirectives())
        {
            if (!directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                continue;
            var line = directive.GetLocation().GetLineSpan().StartLinePosition;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{shorten(tree.FilePath)}:{line.Line + 1}:{line.Character + 1}: error: #r \"nuget: …\" is not supported: the host fetches nothing. Put the package's DLL beside the script and refer to that: #r \"Its.Name.dll\"");
        }

        return null;
    }

    private string Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var path = string.IsNullOrEmpty(span.Path) ? file : span.Path;
        var message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (message.Length > LongestMessage)
            message = $"{message[..LongestMessage]}…";
        var loader = path == file ? "" : $" (loaded by {shorten(file)})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{shorten(path)}:{span.StartLinePosition.Line + 1}:{span.StartLinePosition.Character + 1}: error {diagnostic.Id}: {message}{loader}");
    }
}
