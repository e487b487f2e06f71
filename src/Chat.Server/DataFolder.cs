using System.Globalization;
using Chat.Server.Configuration;

namespace Chat.Server;

/// <summary>The folder for everything the server keeps, which belongs to one server at a time: until it is disposed, or the process ends, however it does.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "server.lock", ProcessIdName = "server.pid";

    private readonly FileStream _lock;
    private readonly string _processId;

    private DataFolder(FileStream held, string path)
    {
        _lock = held;
        _processId = Path.Combine(path, ProcessIdName);
    }

    /// <summary>Makes the folder unless it is there, and takes it.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="SettingsException">It cannot be made or written to, or another server has it.</exception>
    public static DataFolder Take(string path)
    {
        Make("Data", path);
        var file = Path.GetFullPath(Path.Combine(path, LockName));
        try
        {
            var folder = new DataFolder(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path);
            folder.Sign();
            return folder;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SettingsException($"Data: {exception.Message} The server must be able to write to its data folder.");
        }
        catch (IOException exception)
        {
            throw new SettingsException(Owner(path) is { } owner
                ? $"Data: another server, process {owner}, runs over {Path.GetFullPath(path)}. Stop it, or give this one a folder of its own: --data DIR"
                : $"Data: {exception.Message} The file {file} must be there for this server alone: if another one runs over this folder, give this one its own: --data DIR");
        }
    }

    /// <summary>Makes a folder unless it is there.</summary>
    /// <param name="setting">Which setting it comes from.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public static void Make(string setting, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{setting}: the folder {folder} cannot be made. {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_processId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next server writes its own.
        }

        _lock.Dispose();
    }

    private void Sign()
    {
        try
        {
            File.WriteAllText(_processId, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full: the lock holds without the number.
        }
    }

    /// <summary>The number of the process that has the folder; <see langword="null"/> when that is not known.</summary>
    private static int? Owner(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(path, ProcessIdName)), CultureInfo.InvariantCulture, out var owner) ? owner : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
