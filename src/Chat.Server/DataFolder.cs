using System.Diagnostics;
using System.Globalization;

namespace Chat.Server;

/// <summary>The folder for everything the server keeps. It belongs to one server at a time: until this is disposed or
/// the process ends, in whatever way.</summary>
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

    /// <summary>Creates the folder unless it exists, and takes it.</summary>
    /// <exception cref="SettingsException">It cannot be created or written to, or another server has it.</exception>
    public static DataFolder Take(string path)
    {
        Make("Data", path);
        var file = Path.GetFullPath(Path.Combine(path, LockName));
        try
        {
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new DataFolder(held, path);
            folder.WriteProcessId();
            return folder;
        }
        catch (IOException exception) when (IsInUse(exception))
        {
            var owner = Owner(path) is { } id ? string.Create(CultureInfo.InvariantCulture, $", process {id},") : "";
            throw new SettingsException(
                $"Data: another server{owner} is using {Path.GetFullPath(path)}. "
                + "Stop it, or give this one a folder of its own: --data DIR");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                "Data: the server must be able to write to its data folder, but cannot open "
                + $"{file}. {exception.Message}");
        }
    }

    /// <summary>Creates a folder unless it exists.</summary>
    /// <exception cref="SettingsException">It cannot be created.</exception>
    public static void Make(string setting, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{setting}: the folder {folder} cannot be created. {exception.Message}");
        }
    }

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

    private void WriteProcessId()
    {
        try
        {
            File.WriteAllText(_processId, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full. The lock holds without the number.
        }
    }

    /// <summary>Whether another process holds the lock, rather than that the file cannot be opened.</summary>
    private static bool IsInUse(IOException exception)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020), LinuxWouldBlock = 11, MacWouldBlock = 35;
        return exception.HResult == (OperatingSystem.IsWindows() ? WindowsSharingViolation
            : OperatingSystem.IsLinux() ? LinuxWouldBlock : MacWouldBlock);
    }

    /// <summary>The id of the process that holds the lock; <see langword="null"/> if it is not known.</summary>
    private static int? Owner(string path)
    {
        try
        {
            var file = Path.Combine(path, ProcessIdName);
            if (!int.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out var id))
                return null;

            // The file may be an old one, if the server that holds the lock could not write its own.
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(file) ? id : null;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
