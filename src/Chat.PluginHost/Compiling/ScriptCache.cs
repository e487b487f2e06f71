namespace Chat.PluginHost.Compiling;

/// <summary>Compiled scripts on disk, one file for each script and content. The key is made of the script, its content,
/// and the compiler with the default references; an entry is valid while the other files the script names are
/// unchanged. If anything fails, the script is compiled. Safe from any thread, and for several processes at
/// once.</summary>
/// <param name="folder">The absolute path of the cache.</param>
/// <param name="maxEntries">How many entries are kept; the least recently used are deleted.</param>
/// <param name="clock">The time an entry was used.</param>
/// <param name="logger">Gets the first reason why the cache does not work.</param>
internal sealed class ScriptCache(string folder, int maxEntries, TimeProvider clock, ILogger logger)
{
    /// <summary>The default of how many entries are kept.</summary>
    public const int MaxEntries = 200;

    private const string Extension = ".script";
    private const int MaxBytes = 64 * 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly TimeSpan _abandoned = TimeSpan.FromHours(1);

    private readonly Lazy<string> _compiler = new(() => ContentHash.Of(CompilerIdentity.Describe()));
    private int _logged;

    /// <summary>The result of compiling a script before.</summary>
    /// <returns><see langword="null"/> if it has to be compiled.</returns>
    public CompiledScript? Find(ScriptSource source)
    {
        try
        {
            if (!IsTrusted())
                return null;
            var key = Key(source);
            var file = new FileInfo(EntryFile(key));
            if (file is not { Exists: true, LinkTarget: null, Length: > 0 and <= MaxBytes })
                return null;
            var entry = CacheEntry.Read(File.ReadAllBytes(file.FullName));
            if (entry is null || entry.Key != key || entry.Script.Files.Any(HasChanged))
                return null;
            File.SetLastWriteTimeUtc(file.FullName, clock.GetUtcNow().UtcDateTime);
            return entry.Script;

            bool HasChanged(string named) =>
                named != source.File && ContentHash.OfFile(named) != entry.Script.Hashes[named];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(exception.Message);
            return null;
        }
    }

    public void Keep(ScriptSource source, CompiledScript script)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnly);
            if (!IsTrusted())
                return;
            var key = Key(source);
            var draft = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
            AtomicFile.Write(EntryFile(key), new CacheEntry(key, script).ToBytes(), draft);
            File.SetLastWriteTimeUtc(EntryFile(key), clock.GetUtcNow().UtcDateTime);
            Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(exception.Message);
        }
    }

    /// <summary>Whether the files are those that were written: nobody but the owner may change the folder. On Windows
    /// it inherits the rights of its parent.</summary>
    private bool IsTrusted()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
            return true;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & Others) != 0)
        {
            Report("other users may write to it. Delete it, or allow access to its owner alone (chmod 700)");
            return false;
        }

        // Fails unless this user is the owner, even though it changes nothing.
        File.SetUnixFileMode(folder, mode);
        return true;
    }

    private string Key(ScriptSource source) => ContentHash.Of(
        string.Join('\n', _compiler.Value, source.AssemblyName, source.File, ContentHash.Of(source.Content)));

    private string EntryFile(string key) => Path.Combine(folder, $"{key}{Extension}");

    private void Trim()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var cache = new DirectoryInfo(folder);
        var old = cache.GetFiles($"*{Extension}").OrderByDescending(file => file.LastWriteTimeUtc).Skip(maxEntries);
        var left = cache.GetFiles("*.tmp").Where(file => now - file.LastWriteTimeUtc > _abandoned);
        foreach (var file in old.Concat(left))
            file.Delete();
    }

    private void Report(string reason)
    {
        if (Interlocked.Exchange(ref _logged, 1) == 0)
            PluginLog.NoCache(logger, folder, reason);
    }
}
