namespace Chat.PluginHost.Compiling;

/// <summary>A folder that only its owner may change: what lies in it is as good as the day it was written.</summary>
internal sealed class PrivateFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string Path => path;

    /// <summary>Makes the folder when it is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Why what lies in it is not to be trusted; <see langword="null"/> when it is, and when it is not there.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
    public string? Distrust()
    {
        // On Windows a folder's rights are those of the folder above it.
        if (OperatingSystem.IsWindows() || !Directory.Exists(path))
            return null;
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0)
            return "others may write to it. Delete it, or allow it to its owner alone (chmod 700)";

        // Only the owner may do this, even where it changes nothing.
        File.SetUnixFileMode(path, mode);
        return null;
    }
}
