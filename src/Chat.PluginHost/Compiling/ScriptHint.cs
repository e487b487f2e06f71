using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Chat.PluginHost.Compiling;

/// <summary>Explains errors of the compiler that do not say what a script does differently from a program.</summary>
internal static class ScriptHint
{
    private const string Suffix = "Attribute";

    private static readonly string[] _generators =
        ["GeneratedRegex", "LoggerMessage", "JsonSerializable", "JsonSourceGenerationOptions", "LibraryImport"];

    /// <summary>The explanation of an error, with a space before it; empty if there is none.</summary>
    public static string For(Diagnostic error)
    {
        if (error.Location.SourceTree is not { } tree)
            return "";
        if (error.Id == "CS0825" && IsUsing(tree, error))
        {
            return " At the top level of a script there is no 'using var', since its variables live as long as the "
                + "script: write using (var … = …) { … }, or move it into a method.";
        }

        if (Generator(tree, error) is not { } generator)
            return "";
        var instead = generator == _generators[0] ? "new Regex(…)" : "without the attribute";
        return $" Source generators do not run in scripts, so nothing implements [{generator}]: "
            + $"write the code by hand ({instead}), or build a DLL.";
    }

    /// <summary>Whether the line with an error is a <c>using</c> declaration.</summary>
    private static bool IsUsing(SyntaxTree tree, Diagnostic error)
    {
        var line = tree.GetText().Lines.GetLineFromPosition(error.Location.SourceSpan.Start).ToString().TrimStart();
        return line.StartsWith("using ", StringComparison.Ordinal)
            || line.StartsWith("await using ", StringComparison.Ordinal);
    }

    /// <summary>The attribute on the member with the error that asks a source generator for code.</summary>
    private static string? Generator(SyntaxTree tree, Diagnostic error) =>
        tree.GetRoot().FindNode(error.Location.SourceSpan).AncestorsAndSelf()
            .OfType<MemberDeclarationSyntax>()
            .SelectMany(member => member.AttributeLists)
            .SelectMany(list => list.Attributes)
            .Select(attribute => attribute.Name.ToString().Split('.')[^1])
            .Select(name => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name)
            .FirstOrDefault(name => _generators.Contains(name));
}
