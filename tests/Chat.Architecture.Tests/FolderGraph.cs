using System.Text.RegularExpressions;

namespace Chat.Architecture.Tests;

/// <summary>Which folders of a project use which others: a folder uses another when one of its files mentions a type or
/// an extension method that the other declares. They are found by name, not by compilation.</summary>
internal sealed partial class FolderGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), string> _examples = [];

    /// <param name="project">The project's name, which is also its root namespace.</param>
    public FolderGraph(string project)
    {
        var files = Source.Files("src", project).Select(file => new SourceFile(project, file)).ToList();
        var declared = files
            .SelectMany(file => file.Types.Select(type => (Type: type, file.Folder)))
            .ToLookup(pair => pair.Type, pair => pair.Folder);
        foreach (var file in files)
        {
            _uses.TryAdd(file.Folder, new SortedSet<string>(StringComparer.Ordinal));
            foreach (var used in file.Words.Where(word => !file.Types.Contains(word)).SelectMany(
                word => declared[word]))
                Add(file, used);
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
            var root = System.IO.Path.Combine(Source.Root, "src", project);
            var folder = System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!);
            Folder = folder == "." ? "" : folder.Replace('/', '.');
            var text = File.ReadAllText(path);
            var code = Strings().Replace(Comments().Replace(text, ""), "\"\"");
            Types = [.. Declarations().Matches(code).Select(match => match.Groups[1].Value)
                .Concat(Extensions().Matches(code).Select(match => match.Groups[1].Value))];
            Words = Identifiers().Matches(code).Select(match => match.Value)
                .Except(Members().Matches(code).Select(match => match.Groups[1].Value))
                .ToHashSet();
        }

        public string Path { get; }

        public string Folder { get; }

        public IReadOnlyList<string> Types { get; }

        public HashSet<string> Words { get; }

        [GeneratedRegex(@"//[^\n]*")]
        private static partial Regex Comments();

        [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
        private static partial Regex Strings();

        [GeneratedRegex(
            @"^(?:public|internal)[\w ]*? (?:class|struct|interface|enum|record struct|record|delegate [\w<>]+) (\w+)",
            RegexOptions.Multiline)]
        private static partial Regex Declarations();

        [GeneratedRegex(@" static [^=;{}]*? (\w+)(?:<\w+>)?\(\s*this ")]
        private static partial Regex Extensions();

        [GeneratedRegex(@"^ +(?:public|internal|private|protected)[\w<>\[\]?,.() ]* (\w+)\s*(?:\(|\{|=|;)",
            RegexOptions.Multiline)]
        private static partial Regex Members();

        [GeneratedRegex(@"(?<!\.)\b[A-Z]\w*\b(?!: )")]
        private static partial Regex Identifiers();
    }
}
