using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Crashes;

/// <summary>Has the system ask before anybody else opens or truncates a file that this process has mapped. Without
/// that, truncating the file in place ends the process (SIGBUS) as soon as it touches a page that is gone. A program
/// that opens the file waits until the process has moved away from it, a few milliseconds, and 45 s at most.</summary>
/// <remarks>This is a lease, see <c>fcntl(2)</c>. A file that others have open gets none, nor does one on a file system
/// without leases, such as some network file systems: it is then not guarded.</remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class FileLease : IDisposable
{
    private const int SetLease = 1024, GetLease = 1025, Write = 1, None = 2;
    private const PosixSignal Asked = (PosixSignal)29; // SIGIO

    private readonly Lock _lock = new();
    private readonly Action _moveAway;
    private readonly PosixSignalRegistration _asked;
    private SafeHandle? _file;

    /// <param name="moveAway">Guards another file or none, and then closes the one that somebody waits for. One call at
    /// a time.</param>
    public FileLease(Action moveAway) =>
        (_moveAway, _asked) = (moveAway, PosixSignalRegistration.Create(Asked, MoveAway));

    /// <summary>Guards a file from now on, and no longer the one before.</summary>
    /// <param name="file">A file that only this process has open; <see langword="null"/> for none.</param>
    public void Guard(SafeHandle? file)
    {
        lock (_lock)
            _file = file is not null && Control(file, SetLease, Write) == 0 ? file : null;
    }

    /// <summary>Guards the file no longer. It stays open.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_file is { } file)
                _ = Control(file, SetLease, None);
            _file = null;
        }

        _asked.Dispose();
    }

    /// <summary>The signal does not say which file is meant; the lease of that one is no longer whole.</summary>
    private void MoveAway(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            if (_file is { } file && Control(file, GetLease, 0) != Write)
                _moveAway();
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle file, int command, int argument);
}
