using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Chat.PluginHost.Compiling;

/// <summary>Describes the errors of a script for people.</summary>
/// <param name="file">The script's absolute path; stands in for an error that has no place.</param>
/// <param name="shorten">Shortens a path for messages.</param>
internal sealed class ScriptDiagnostics(string file, Func<string, string> shorten)
{
    /// <summary>More errors help nobody: a file that is no script at all has thousands.</summary>
    private const int MaxErrors = 10;

    private const int MaxMessageLength = 200;

    /// <summary>The first errors among diagnostics, in the order of their places.</summary>
    public IReadOnlyList<LoadProblem> Errors(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ToList();
        var told = errors.Take(MaxErrors).Select(Describe).ToList();
        var more = errors.Count - MaxErrors;
        if (more > 0)
            told.Add(new LoadProblem(shorten(file), $"and {more} more errors."));
        return told;
    }

    /// <summary>The error for a file that is not UTF-8.</summary>
    public LoadProblem Describe(BadByte bad) => At(bad.File, bad.Line, bad.Column, $"error: {bad.Problem}");

    /// <summary>The error for the first <c>#r "nuget: …"</c> in a file, if any.</summary>
    public LoadProblem? RefusedReference(SyntaxTree tree)
    {
        foreach (var directive in ((CompilationUnitSyntax)tree.GetRoot()).GetReferenceDirectives())
        {
            if (!directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                continue;
            var place = directive.GetLocation().GetLineSpan().StartLinePosition;
            return At(
                tree.FilePath,
                place.Line + 1,
                place.Character + 1,
                "error: #r \"nuget: …\" is not supported: the host downloads nothing. "
                + "Put the package's DLL beside the script and refer to that: #r \"Its.Name.dll\"");
        }

        return null;
    }

    private LoadProblem Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (message.Length > MaxMessageLength)
            message = $"{message[..MaxMessageLength]}…";
        return At(
            string.IsNullOrEmpty(span.Path) ? file : span.Path, span.StartLinePosition.Line + 1,
            span.StartLinePosition.Character + 1, $"error {diagnostic.Id}: {message}{ScriptHint.For(diagnostic)}");
    }

    private LoadProblem At(string path, int line, int column, string error) =>
        new($"{shorten(path)}:{line}:{column}", path == file ? error : $"{error} (loaded by {shorten(file)})");
}
