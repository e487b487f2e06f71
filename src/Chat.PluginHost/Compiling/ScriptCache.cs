using Chat.PluginHost.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Compiled scripts on disk, one file for each script and content, found by the script, what is in it, and the compiler with all it
/// refers to by itself; valid as long as the other files the script names are as they were. Whatever goes wrong with it only means
/// that a script is compiled. Safe from any thread, and for several processes at once.
/// </summary>
/// <param name="folder">Where it lies.</param>
/// <param name="mostEntries">How many are kept; those not used for the longest time go.</param>
/// <param name="clock">Tells when an entry was used.</param>
/// <param name="logger">Is told, once, why there is no cache.</param>
internal sealed class ScriptCache(string folder, int mostEntries, TimeProvider clock, ILogger logger)
{
    /// <summary>How many entries are kept by default.</summary>
    public const int MostEntries = 200;

    private const string Extension = ".script";
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan _abandoned = TimeSpan.FromHours(1);

    private readonly PrivateFolder _folder = new(folder);
    private readonly Lazy<string> _compiler = new(() => ContentHash.Of(CompilerIdentity.Describe()));
    private int _logged;

    /// <summary>What was made of a script before.</summary>
    /// <returns><see langword="null"/> when it has to be compiled.</returns>
    public CompiledScript? Find(ScriptSource source)
    {
        try
        {
            if (!IsTrusted())
                return null;
            var key = Key(source);
            var file = new FileInfo(EntryFile(key));
            if (file is not { Exists: true, LinkTarget: null, Length: > 0 and <= MostBytes })
                return null;
            var entry = CacheEntry.Read(File.ReadAllBytes(file.FullName));
            if (entry is null || entry.Key != key || entry.Script.Files.Any(named => named != source.File && ContentHash.OfFile(named) != entry.Script.Hashes[named]))
                return null;
            File.SetLastWriteTimeUtc(file.FullName, clock.GetUtcNow().UtcDateTime);
            return entry.Script;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(exception.Message);
            return null;
        }
    }

    /// <summary>Keeps what was made of a script.</summary>
    public void Keep(ScriptSource source, CompiledScript script)
    {
        try
        {
            _folder.Create();
            if (!IsTrusted())
                return;
            var key = Key(source);
            var aside = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
            try
            {
                File.WriteAllBytes(aside, new CacheEntry(key, script).ToBytes());
                File.SetLastWriteTimeUtc(aside, clock.GetUtcNow().UtcDateTime);
                File.Move(aside, EntryFile(key), overwrite: true);
            }
            finally
            {
                File.Delete(aside);
            }

            Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(exception.Message);
        }
    }

    private bool IsTrusted()
    {
        if (_folder.Distrust() is not { } reason)
            return true;
        Report(reason);
        return false;
    }

    private string Key(ScriptSource source) =>
        ContentHash.Of(string.Join('\n', _compiler.Value, source.AssemblyName, source.File, ContentHash.Of(source.Content)));

    private string EntryFile(string key) => Path.Combine(folder, $"{key}{Extension}");

    private void Trim()
    {
        var entries = new DirectoryInfo(folder).GetFiles($"*{Extension}").OrderByDescending(file => file.LastWriteTimeUtc).Skip(mostEntries);
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var file in entries.Concat(new DirectoryInfo(folder).GetFiles("*.tmp").Where(file => now - file.LastWriteTimeUtc > _abandoned)))
            file.Delete();
    }

    private void Report(string reason)
    {
        if (Interlocked.Exchange(ref _logged, 1) == 0)
            PluginLog.NoCache(logger, folder, reason);
    }
}
