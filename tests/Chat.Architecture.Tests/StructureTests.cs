namespace Chat.Architecture.Tests;

/// <summary>The shape of the source: no cycles between folders, no crowded folder, no long file, no wide
/// line.</summary>
internal sealed class StructureTests
{
    private const int MostFilesInAFolder = 18, MostLinesInAFile = 300, MostColumns = 120, MostColumnsInADocument = 140;

    private static readonly string[] _code = ["src", "tests", "bench", "plugins", "samples"];

    public static IEnumerable<string> Projects =>
        Directory.EnumerateDirectories(Path.Combine(Source.Root, "src")).Select(folder => Path.GetFileName(folder)!);

    [TestCaseSource(nameof(Projects))]
    public void No_folders_of_a_project_use_each_other(string project)
    {
        Assert.That(new FolderGraph(project).Cycles(), Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void No_folder_is_crowded(string project)
    {
        var crowded = Source.Files("src", project)
            .GroupBy(file => Path.GetDirectoryName(file)!).Where(folder => folder.Count() > MostFilesInAFolder);

        Assert.That(
            crowded.Select(folder => $"{Path.GetRelativePath(Source.Root, folder.Key)}: {folder.Count()} files"),
            Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void No_file_is_long(string project)
    {
        var long_ = Source.Files("src", project)
            .Select(file => (file, Lines: File.ReadLines(file).Count())).Where(file => file.Lines > MostLinesInAFile);

        Assert.That(
            long_.Select(file => $"{Path.GetRelativePath(Source.Root, file.file)}: {file.Lines} lines"), Is.Empty);
    }

    [Test]
    public void No_line_of_code_is_wide()
    {
        var wide =
            from folder in _code
            from file in Source.Files(folder)
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MostColumns
            select $"{Path.GetRelativePath(Source.Root, file)}:{line.Index + 1}: {line.Item.Length} columns";

        Assert.That(wide, Is.Empty);
    }

    /// <summary>The quick check of the formatting in <c>test.sh</c> leaves this out.</summary>
    [Test]
    public void Namespaces_that_a_file_uses_are_in_order()
    {
        var unordered =
            from folder in _code
            from file in Source.Files(folder)
            let used = File.ReadAllLines(file)
                .TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal))
                .Select(line => line.Trim(';').Split(' '))
                .Where(words => words.Length == 2)
                .Select(words => words[1])
                .ToList()
            where !used.SequenceEqual(used.OrderBy(IsOther).ThenBy(name => name, StringComparer.OrdinalIgnoreCase))
            select Path.GetRelativePath(Source.Root, file);

        Assert.That(unordered, Is.Empty);

        static bool IsOther(string name) => name.Split('.')[0] != nameof(System);
    }

    [Test]
    public void No_line_of_a_document_is_wide()
    {
        var wide =
            from file in Document.Files
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MostColumnsInADocument
            select $"{Path.GetRelativePath(Source.Root, file)}:{line.Index + 1}: {line.Item.Length} columns";

        Assert.That(wide, Is.Empty);
    }
}
