using System.Globalization;

namespace Chat.PluginHost.Loading;

/// <summary>Copies of plugins, one folder for each load, so that the files in the drop folder can be replaced at any
/// time: the runtime keeps what it has loaded from a path, even if another file is there by now. Each process has a
/// folder of its own and holds a lock file in it; the folders of ended processes are deleted at the next
/// start.</summary>
internal sealed class ShadowFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _folder;
    private readonly FileStream _lock;
    private int _copies;

    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written to.</exception>
    public ShadowFolder(string root)
    {
        Directory.CreateDirectory(root);
        foreach (var old in Directory.EnumerateDirectories(root))
            TrySweep(old);
        _folder = Path.Combine(root, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(_folder);
        _lock = new FileStream(Path.Combine(_folder, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Copies all files of a plugin. Safe from any thread.</summary>
    /// <returns>The copy; its folder stands for <see cref="PluginSource.Root"/>.</returns>
    /// <exception cref="PluginLoadException">A file cannot be copied, for example because the disk is full.</exception>
    public ShadowCopy Copy(PluginSource plugin)
    {
        var copy = new ShadowCopy(Path.Combine(_folder, $"{plugin.Id}-{Interlocked.Increment(ref _copies)}"));
        try
        {
            foreach (var file in plugin.Files)
            {
                var relative = Path.GetRelativePath(plugin.Root, file);
                if (!relative.StartsWith("..", StringComparison.Ordinal))
                    copy.Add(file, relative);
            }

            return copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            copy.Delete();
            throw CannotCopy(plugin, copy, exception);
        }
    }

    /// <summary>The error for a plugin whose files cannot be copied now.</summary>
    public PluginLoadException CannotCopy(PluginSource plugin, ShadowCopy copy, Exception cause)
    {
        var inCopy = copy.Folder + Path.DirectorySeparatorChar;
        var reason = cause.Message.Replace(inCopy, "", StringComparison.Ordinal).TrimEnd('.');
        return new PluginLoadException(
            plugin.Source, $"it cannot be copied to {_folder}, where plugins run from: {reason}.", "It is tried again.",
            cause)
        {
            MayPass = true,
        };
    }

    /// <summary>Deletes a folder; what the system keeps because it is in use, the next start deletes.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Still in use.
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        TryDelete(_folder);
    }

    private static void TrySweep(string old)
    {
        try
        {
            // A process that still runs has the lock file open. A folder without one belongs to something else.
            using (new FileStream(Path.Combine(old, LockName), FileMode.Open, FileAccess.Write, FileShare.None))
            {
            }

            TryDelete(old);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use by another process, or not a folder of copies.
        }
    }
}
