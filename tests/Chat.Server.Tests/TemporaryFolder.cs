namespace Chat.Server.Tests;

/// <summary>A folder for one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("chat-test-").FullName;

    public string File(string name) => Path.Combine(FullPath, name);

    /// <summary>Writes a file like an editor that saves to a temporary file and renames it.</summary>
    public void Save(string name, string content)
    {
        var target = File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var aside = File($".{Guid.NewGuid():N}.tmp");
        System.IO.File.WriteAllText(aside, content);
        System.IO.File.Move(aside, target, overwrite: true);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
