namespace Chat.PluginHost.Loading;

/// <summary>The files one version of one plugin runs from. If something else deletes them, such as a cleaner of
/// temporary files, those whose originals are unchanged can be copied again. Safe from any thread.</summary>
/// <param name="folder">The folder of the copies, which belongs to this object.</param>
internal sealed class ShadowCopy(string folder)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Original> _originals = new(StringComparer.Ordinal);
    private bool _isDeleted;

    /// <summary>The absolute path of the folder.</summary>
    public string Folder => folder;

    /// <summary>Copies a file, over one of the same name if there is one.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be copied.</exception>
    public void Add(string original, string relative)
    {
        lock (_lock)
        {
            var file = _originals[Path.GetFullPath(relative, folder)] = Original.At(original);
            file.CopyTo(Path.GetFullPath(relative, folder));
        }
    }

    /// <summary>Copies the files again that are missing, unless their originals have changed since.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Restore()
    {
        lock (_lock)
        {
            if (_isDeleted)
                return false;
            var restored = false;
            foreach (var (copy, original) in _originals)
                restored |= TryRestore(copy, original);
            return restored;
        }
    }

    /// <summary>Deletes the folder; what the system keeps because it is in use, at the next start.</summary>
    public void Delete()
    {
        lock (_lock)
            _isDeleted = true;
        ShadowFolder.TryDelete(folder);
    }

    private static bool TryRestore(string copy, Original original)
    {
        try
        {
            if (File.Exists(copy) || Original.At(original.File) != original)
                return false;
            original.CopyTo(copy);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private readonly record struct Original(string File, long Length, DateTime Written)
    {
        public static Original At(string file) => new FileInfo(file) is { Exists: true } info
            ? new Original(file, info.Length, info.LastWriteTimeUtc)
            : new Original(file, -1, default);

        public void CopyTo(string copy)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);

            // What may be a pipe has no length, and would never end if it were read.
            if (Length == 0)
                System.IO.File.WriteAllBytes(copy, []);
            else
                System.IO.File.Copy(File, copy, overwrite: true);
        }
    }
}
