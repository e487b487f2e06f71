using System.Text.RegularExpressions;

namespace Chat.Architecture.Tests;

/// <summary>Documents fit on a screen, and what they point to exists.</summary>
internal sealed partial class DocumentTests
{
    public static IEnumerable<string> Documents =>
        Document.Files.Select(file => Path.GetRelativePath(Source.Root, file));

    [TestCaseSource(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        Assert.That(new Document(Path.Combine(Source.Root, document)).BrokenLinks, Is.Empty);
    }

    [TestCaseSource(nameof(Documents))]
    public void Source_files_that_a_document_names_exist(string document)
    {
        var named = new Document(Path.Combine(Source.Root, document)).Code.Where(code => SourceFile().IsMatch(code));

        Assert.That(
            named.Where(name => !All.Any(file => file.EndsWith($"/{name}", StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Documents_that_the_source_names_exist()
    {
        var named =
            from file in All.Where(file => file.StartsWith(Path.Combine(Source.Root, "src"), StringComparison.Ordinal))
            where Path.GetExtension(file) is ".cs" or ".csproj"
            from line in File.ReadLines(file)
            from Match match in NamedDocument().Matches(line)
            select (File: Path.GetFileName(file), Name: match.Value);

        Assert.That(named.Where(each => !All.Any(
            file => file.StartsWith(Path.Combine(Source.Root, each.Name), StringComparison.Ordinal))), Is.Empty);
    }

    private static IReadOnlyList<string> All { get; } = [.. Source.Everywhere("*")];

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)*\.(cs|sh|py)$")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"\bdocs/[\w/-]+(\.md)?")]
    private static partial Regex NamedDocument();
}
