namespace Chat.PluginHost.Compiling;

/// <summary>A folder that only its owner may change, so that its files are those that were written.</summary>
internal sealed class PrivateFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string Path => path;

    /// <summary>Creates the folder if it does not exist.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be created.</exception>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Why its files are not to be trusted; <see langword="null"/> if they are, or there are none.</summary>
    /// <exception cref="IOException">It cannot be examined.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public string? Distrust()
    {
        // On Windows a folder inherits the rights of its parent.
        if (OperatingSystem.IsWindows() || !Directory.Exists(path))
            return null;
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0)
            return "other users may write to it. Delete it, or allow access to its owner alone (chmod 700)";

        // Fails unless this user is the owner, even though it changes nothing.
        File.SetUnixFileMode(path, mode);
        return null;
    }
}
