using System.Globalization;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Loading;

/// <summary>
/// Copies of plugins, one folder for each load, so that files in the drop folder are free to be replaced: the runtime keeps what
/// it has loaded by path, even when the file behind the path is another one by now. Each process has a folder of its own, held by
/// a lock file; what ended processes have left is swept away.
/// </summary>
internal sealed class ShadowFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _folder;
    private readonly FileStream _lock;
    private int _copies;

    public ShadowFolder(string root)
    {
        Directory.CreateDirectory(root);
        foreach (var old in Directory.EnumerateDirectories(root))
            TrySweep(old);
        _folder = Path.Combine(root, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(_folder);
        _lock = new FileStream(Path.Combine(_folder, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Copies all files of a plugin.</summary>
    /// <returns>The folder that stands for <see cref="PluginSource.Root"/>.</returns>
    /// <exception cref="PluginLoadException">A file cannot be copied, for example because the disk is full.</exception>
    public string Copy(PluginSource unit)
    {
        var target = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{unit.Id}-{Interlocked.Increment(ref _copies)}"));
        try
        {
            foreach (var file in unit.Files)
            {
                var relative = Path.GetRelativePath(unit.Root, file);
                if (relative.StartsWith("..", StringComparison.Ordinal))
                    continue;
                var copy = Path.Combine(target, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                if (PluginSource.IsEmpty(file))
                    File.WriteAllBytes(copy, []);
                else
                    File.Copy(file, copy);
            }

            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(target);
            var reason = exception.Message.Replace(target + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            throw new PluginLoadException($"{unit.Source}: it cannot be copied to {_folder}, where plugins run from: {reason.TrimEnd('.')}. It is tried again.", exception) { MayPass = true };
        }
    }

    /// <summary>Deletes a copy; where the system keeps files that are in use, the next start does it.</summary>
    public static void TryDelete(string copy)
    {
        try
        {
            if (Directory.Exists(copy))
                Directory.Delete(copy, recursive: true);
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
            // Whoever made it and still runs has the lock file open; without one it is somebody else's.
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
