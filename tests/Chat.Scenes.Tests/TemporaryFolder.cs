namespace Chat.Scenes.Tests;

/// <summary>A folder for one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("chat-testing-").FullName;

    /// <summary>Its files, by their paths in the folder.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(FullPath, "*", SearchOption.AllDirectories).Select(
            file => Path.GetRelativePath(FullPath, file)).Order(StringComparer.Ordinal)];

    public string File(string name) => Path.Combine(FullPath, name);

    public string Save(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
