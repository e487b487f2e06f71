using System.Text.RegularExpressions;

namespace Chat.Architecture.Tests;

/// <summary>
/// Which folders of a project use which others. A folder is a namespace (the build checks that), so the using directives say most of it; types of
/// the folders above need no directive and are found by name.
/// </summary>
internal sealed partial class FolderGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), string> _examples = [];

    /// <param name="project">The project's name, which is also its root namespace.</param>
    public FolderGraph(string project)
    {
        var files = Source.Files("src", project).Select(file => new SourceFile(project, file)).ToList();
        var declared = files.SelectMany(file => file.Types.Select(type => (Type: type, file.Folder))).ToLookup(pair => pair.Type, pair => pair.Folder);
        foreach (var file in files)
        {
            _uses.TryAdd(file.Folder, new SortedSet<string>(StringComparer.Ordinal));
            foreach (var used in file.Usings)
                Add(file, used);
            foreach (var above in file.Words.SelectMany(word => declared[word]).Where(folder => IsAbove(folder, file.Folder)))
                Add(file, above);
        }
    }

    public IReadOnlyCollection<string> Folders => _uses.Keys;

    /// <summary>The folders that a folder uses.</summary>
    public IReadOnlyCollection<string> UsesOf(string folder) => _uses[folder];

    /// <summary>Every pair of folders that reach each other, with one file for each direction.</summary>
    public IEnumerable<string> Cycles()
    {
        foreach (var from in _uses.Keys)
        {
            foreach (var to in _uses[from].Where(to => Reaches(to, from)))
                yield return $"{Name(from)} -> {Name(to)} ({_examples[(from, to)]})";
        }
    }

    private static string Name(string folder) => folder.Length == 0 ? "(root)" : folder;

    private static bool IsAbove(string folder, string other) =>
        folder.Length == 0 ? other.Length > 0 : other.StartsWith($"{folder}.", StringComparison.Ordinal);

    private void Add(SourceFile file, string used)
    {
        if (used == file.Folder)
            return;
        _uses[file.Folder].Add(used);
        _examples.TryAdd((file.Folder, used), Path.GetFileName(file.Path));
    }

    private bool Reaches(string from, string to)
    {
        HashSet<string> seen = [];
        Stack<string> open = new([from]);
        while (open.TryPop(out var folder))
        {
            if (folder == to)
                return true;
            if (seen.Add(folder) && _uses.TryGetValue(folder, out var next))
            {
                foreach (var each in next)
                    open.Push(each);
            }
        }

        return false;
    }

    private sealed partial class SourceFile
    {
        public SourceFile(string project, string path)
        {
            Path = path;
            var folder = System.IO.Path.GetRelativePath(System.IO.Path.Combine(Source.Root, "src", project), System.IO.Path.GetDirectoryName(path)!);
            Folder = folder == "." ? "" : folder.Replace('/', '.');
            var text = File.ReadAllText(path);
            var code = Strings().Replace(Comments().Replace(text, ""), "\"\"");
            Types = [.. Declarations().Matches(code).Select(match => match.Groups[1].Value)];
            Words = Identifiers().Matches(code).Select(match => match.Value).ToHashSet();
            Usings = [.. Directives().Matches(text)
                .Select(match => match.Groups[1].Value)
                .Where(used => used.StartsWith($"{project}.", StringComparison.Ordinal))
                .Select(used => used[(project.Length + 1)..])];
        }

        public string Path { get; }

        public string Folder { get; }

        public IReadOnlyList<string> Types { get; }

        public HashSet<string> Words { get; }

        public IReadOnlyList<string> Usings { get; }

        [GeneratedRegex(@"//[^\n]*")]
        private static partial Regex Comments();

        [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
        private static partial Regex Strings();

        [GeneratedRegex(@"^(?:public|internal)[\w ]*? (?:class|struct|interface|enum|record struct|record) (\w+)", RegexOptions.Multiline)]
        private static partial Regex Declarations();

        [GeneratedRegex(@"(?<!\.)\b[A-Z]\w*")]
        private static partial Regex Identifiers();

        [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex Directives();
    }
}
