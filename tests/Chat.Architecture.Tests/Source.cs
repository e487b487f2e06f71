namespace Chat.Architecture.Tests;

/// <summary>The repository's files, as text.</summary>
internal static class Source
{
    private static readonly string[] _written = ["bin", "obj", "artifacts", "TestResults", "chat-data"];

    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder, without what the build writes.</summary>
    public static IEnumerable<string> Files(params string[] folder) =>
        Directory.EnumerateFiles(Path.Combine([Root, .. folder]), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>The files of the whole repository, without what builds, tests and the server write.</summary>
    /// <param name="pattern">What their names look like.</param>
    public static IEnumerable<string> Everywhere(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => !Path.GetRelativePath(Root, file).Split('/').Any(folder => _written.Contains(folder)));

    /// <summary>The lines that hold one of some texts, as <c>file:line: text</c>.</summary>
    public static IEnumerable<string> LinesWith(IEnumerable<string> files, params string[] texts) =>
        from file in files
        from line in File.ReadLines(file).Index()
        where texts.Any(text => line.Item.Contains(text, StringComparison.Ordinal))
        select $"{Path.GetRelativePath(Root, file)}:{line.Index + 1}: {line.Item.Trim()}";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chat.sln")))
            folder = folder.Parent
                ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }
}
